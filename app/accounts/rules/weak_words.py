"""Words that guessers try first: an own short list of common passwords and of this office's surroundings.

Passwords of ten characters and more that are common are nearly all one or two of these words with digits or signs
around them, so the list holds the words and ``passwords.py`` knows the ways of dressing them up.
"""

from __future__ import annotations

from typing import Final

_COMMON: Final = """
password passwords passw0rd passwort pass word kata sandi katasandi sandi rahasia sangatrahasia kunci buka masuk
admin administrator superadmin root user username guest test testing tester coba cobacoba ujicoba contoh default
login welcome selamat datang selamatdatang hello halo haloo changeme letmein secret master access system server
computer komputer laptop internet wifi google facebook instagram youtube whatsapp telegram twitter tiktok gmail yahoo
qwerty qwertyuiop qwertyui qwert asdfgh asdfghjkl asdf zxcvbn zxcvbnm zxcv qazwsx qazwsxedc wsxedc poiuyt mnbvcxz
abc abcd abcde abcdef abcdefg abcdefgh aaa xxx iloveyou ilove you love lovely baby princess sunshine princes angel
monkey dragon shadow football baseball soccer superman batman naruto pokemon michael jordan jessica charlie
freedom whatever trustno starwars cheese summer winter spring autumn flower forever friend friends family money
cinta cintaku sayang sayangku sayangmu kamu aku cintakamu akucintakamu akusayangkamu sayangkamu kangen rindu jodoh
bismillah alhamdulillah allah allahuakbar muhammad insyaallah assalamualaikum subhanallah astaghfirullah ramadhan
amin islam masjid yesus kristus haleluya tuhan tuhanyesus doaibu doa surga
indonesia indonesiaku indonesiaraya merdeka pancasila garuda jakarta bandung surabaya semarang bekasi depok tangerang
persib persija arema bobotoh sepakbola bola juara jawa jawabarat sunda pajajaran siliwangi
mama papa ibu bapak ayah bunda anak anakku istri istriku suami suamiku keluarga keluargaku adik kakak nenek kakek
budi agus asep ujang dewi putri putra siti rizki rizky dian sari wati ani rina yanti ahmad muhamad hidayat
bangsat anjing kucing monyet goblok bodoh gila ganteng cantik manis imut lucu keren hebat sukses semangat berkah
senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus september oktober
november desember satu dua tiga empat lima enam tujuh delapan sembilan sepuluh satuduatiga onetwothree
bintang bulan matahari mawar melati anggrek pelangi hujan laut gunung kopi teh nasi goreng bakso
toyota honda yamaha suzuki samsung nokia xiaomi oppo vivo android iphone mobil motor rumah rumahku
"""

_SURROUNDINGS: Final = """
koperasi koperasiku usaha usahaku umkm ukm kopukm kop diskopukm dinas dinaskoperasi kantor kantorku petugas pegawai
pendamping pimpinan kabupaten kab bogor kabbogor bogorkab kotabogor cibinong kecamatan desa kelurahan puskesmas
pemda pemkab pemkabbogor pemerintah negara asn pns merahputih kdmp kkmp kopdes anggota pengurus ketua bendahara
sekretaris simpan pinjam simpanpinjam rapat rat klinik pelatihan data pendataan aplikasi bogorkerenn bogoristimewa
ciawi cisarua cigombong caringin megamendung ciomas dramaga tamansari citeureup gunungputri cileungsi jonggol
parung kemang bojonggede cibungbulang leuwiliang jasinga cigudeg nanggung rumpin sentul puncak tegarberiman beriman
"""

WEAK_WORDS: Final = frozenset((_COMMON + _SURROUNDINGS).split())
