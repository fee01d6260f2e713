"""Reading spreadsheets that strangers made: .xlsx, .xls, .ods and .csv, harmless or not.

The file is opened in a process of its own (``worker``), under limits of memory and time, and only after
``guard`` has looked at its bytes; rows come back one by one as JSON lines (``wire``), so neither a bomb nor
a large list weighs on the process that serves people.

- ``workbook.open_rows``  the rows of a file, or ``Refused``
- ``tables.read_tables``  where the heading is, which column holds what, which rows are data
- ``cells``               what one cell says

The modules that the worker loads (``limits``, ``wire``, ``guard`` and its parts, ``worker``) import nothing
of the application and use relative imports: the worker starts without Flask and the database, in 0.03 s
instead of 0.6 s, and has neither settings nor keys within reach.
"""
