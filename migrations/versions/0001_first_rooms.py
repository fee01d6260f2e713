"""First rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To the new form; the code that is already running must still work with it."""
    op.create_table(
        "account",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "officer",
                "co_administrator",
                "companion",
                "expert",
                "media",
                "leader",
                "evaluator",
                "member",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "section",
            sa.Enum("kpk", "pum", name="section", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("institution", sa.String(length=160), nullable=False),
        sa.Column("decree_number", sa.String(length=80), nullable=False),
        sa.Column("decree_date", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("may_decide", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("phone_index", name=op.f("uq_account_phone_index")),
    )
    op.create_table(
        "history",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_subject"), ["subject"], unique=False)

    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("estimated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "kecamatan",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=60), nullable=False),
        sa.Column("bps_code", sa.String(length=10), nullable=False),
        sa.Column("bps_name", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("area_km2", sa.Float(), nullable=False),
        sa.Column("tile_column", sa.Integer(), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kecamatan")),
        sa.UniqueConstraint("name_key", name=op.f("uq_kecamatan_name_key")),
    )
    op.create_table(
        "personal_access",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_access")),
    )
    with op.batch_alter_table("personal_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_access_subject"), ["subject"], unique=False)

    op.create_table(
        "pocket_entry",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "kecamatan_code", name=op.f("pk_pocket_entry")),
    )
    with op.batch_alter_table("pocket_entry", schema=None) as batch_op:
        batch_op.create_index("ix_pocket_entry_kecamatan", ["kecamatan_code", "code"], unique=False)

    op.create_table(
        "pocket_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pocket_version")),
    )
    op.create_table(
        "public_tally",
        sa.Column(
            "kind",
            sa.Enum(
                "cooperative", "business", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "kecamatan_code", "desa_code", name=op.f("pk_public_tally")),
    )
    op.create_table(
        "rate_counter",
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.Column("window_starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counter")),
    )
    op.create_table(
        "region_alias",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.Column("alias_key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_alias")),
    )
    with op.batch_alter_table("region_alias", schema=None) as batch_op:
        batch_op.create_index("ix_region_alias_key", ["alias_key"], unique=False)

    op.create_table(
        "search_word",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "cooperative", "business", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("public_records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("kind", "word", name=op.f("uq_search_word_kind_word")),
    )
    op.create_table(
        "account_area",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_area_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_account_area_kecamatan_code_kecamatan")
        ),
        sa.PrimaryKeyConstraint("account_id", "kecamatan_code", name=op.f("pk_account_area")),
    )
    op.create_table(
        "desa",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum("desa", "kelurahan", name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("postal_code", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("area_km2", sa.Float(), nullable=False),
        sa.Column("bps_code", sa.String(length=10), nullable=False),
        sa.Column("bps_name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_desa_kecamatan_code_kecamatan")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_desa")),
    )
    with op.batch_alter_table("desa", schema=None) as batch_op:
        batch_op.create_index("ix_desa_kecamatan", ["kecamatan_code", "name_key"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "reading",
                "ready",
                "committing",
                "done",
                "undoing",
                "undone",
                "refused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("data_as_of", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acting_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["acting_by"], ["account.id"], name=op.f("fk_import_batch_acting_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_import_batch_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "merge",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "cooperative", "business", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("kept_code", sa.String(length=12), nullable=False),
        sa.Column("merged_code", sa.String(length=12), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["merged_by"], ["account.id"], name=op.f("fk_merge_merged_by_account")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_merge_undone_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_kept_code"), ["kept_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_merged_code"), ["merged_code"], unique=False)

    op.create_table(
        "not_the_same",
        sa.Column("first_code", sa.String(length=12), nullable=False),
        sa.Column("second_code", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_not_the_same_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("first_code", "second_code", name=op.f("pk_not_the_same")),
    )
    op.create_table(
        "one_time_link",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "first_administrator",
                "first_password",
                "new_password",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_index", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("account_id", "code_index", name=op.f("uq_recovery_code_account_id_code_index")),
    )
    op.create_table(
        "search_posting",
        sa.Column("word_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"], ["search_word.id"], name=op.f("fk_search_posting_word_id_search_word")
        ),
        sa.PrimaryKeyConstraint("word_id", "record_id", name=op.f("pk_search_posting")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_posting", schema=None) as batch_op:
        batch_op.create_index("ix_search_posting_record", ["record_id", "word_id"], unique=False)
        batch_op.create_index("ix_search_posting_weight", ["word_id", "weight", "record_id"], unique=False)

    op.create_table(
        "search_variant",
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("word_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"], ["search_word.id"], name=op.f("fk_search_variant_word_id_search_word")
        ),
        sa.PrimaryKeyConstraint("variant", "word_id", name=op.f("pk_search_variant")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_session",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "stand_in",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("for_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("decree_number", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stand_in_account_id_account")),
        sa.ForeignKeyConstraint(
            ["for_account_id"], ["account.id"], name=op.f("fk_stand_in_for_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    with op.batch_alter_table("stand_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stand_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "cooperative",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "candidate",
                "public",
                "rejected",
                "merged",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("is_kdmp", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "cooperative_type",
            sa.Enum(
                "consumer",
                "producer",
                "marketing",
                "service",
                "savings_and_loan",
                "unknown",
                name="cooperative_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "membership_area",
            sa.Enum(
                "kabupaten",
                "provinsi",
                "nasional",
                name="membership_area",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("main_activity", sa.String(length=200), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("legal_entity_number", sa.String(length=80), nullable=False),
        sa.Column("legal_entity_key", sa.String(length=80), nullable=True),
        sa.Column("live_legal_entity_key", sa.String(length=80), nullable=True),
        sa.Column("legal_entity_date", sa.Date(), nullable=True),
        sa.Column("legal_entity_checked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("nik_koperasi", sa.String(length=13), nullable=True),
        sa.Column("live_nik_koperasi", sa.String(length=13), nullable=True),
        sa.Column("nib", sa.String(length=13), nullable=True),
        sa.Column("npwp", sa.String(length=16), nullable=True),
        sa.Column("members_male", sa.Integer(), nullable=True),
        sa.Column("members_female", sa.Integer(), nullable=True),
        sa.Column("members_total", sa.Integer(), nullable=True),
        sa.Column("annual_turnover", sa.BigInteger(), nullable=True),
        sa.Column("chair_name", sa.String(length=120), nullable=False),
        sa.Column("contact_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=32), nullable=True),
        sa.Column("phone_owner", sa.String(length=10), nullable=False),
        sa.Column("consent_public_contact", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("consent_whatsapp", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "ministry_status",
            sa.Enum(
                "active",
                "inactive",
                name="ministry_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ministry_status_on", sa.Date(), nullable=True),
        sa.Column("ministry_record", sa.JSON(), nullable=True),
        sa.Column(
            "field_status",
            sa.Enum(
                "business_and_body_active",
                "business_active",
                "body_active",
                "inactive",
                "not_found",
                "being_dissolved",
                "dissolved",
                name="field_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("field_status_on", sa.Date(), nullable=True),
        sa.Column(
            "health_claim",
            sa.Enum(
                "healthy",
                "fairly_healthy",
                "under_supervision",
                "under_special_supervision",
                "unassessed",
                name="health_claim",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("health_claim_year", sa.Integer(), nullable=True),
        sa.Column(
            "health",
            sa.Enum(
                "healthy",
                "fairly_healthy",
                "under_supervision",
                "under_special_supervision",
                "unassessed",
                name="health",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("health_source", sa.String(length=120), nullable=False),
        sa.Column("health_on", sa.Date(), nullable=True),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column(
            "activity",
            sa.Enum(
                "active",
                "inactive",
                "new",
                "to_check",
                "dissolved",
                name="activity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("activity_source", sa.String(length=40), nullable=False),
        sa.Column("activity_on", sa.Date(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "assisted",
                "import",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_note", sa.String(length=160), nullable=False),
        sa.Column("source_on", sa.Date(), nullable=False),
        sa.Column("owner_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("merged_into_code", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_cooperative_desa_code_desa")),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_cooperative_kecamatan_code_kecamatan")
        ),
        sa.ForeignKeyConstraint(
            ["owner_account_id"], ["account.id"], name=op.f("fk_cooperative_owner_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperative")),
        sa.UniqueConstraint("code", name=op.f("uq_cooperative_code")),
        sa.UniqueConstraint("live_legal_entity_key", name=op.f("uq_cooperative_live_legal_entity_key")),
        sa.UniqueConstraint("live_nik_koperasi", name=op.f("uq_cooperative_live_nik_koperasi")),
    )
    with op.batch_alter_table("cooperative", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cooperative_activity", ["status", "activity", "sort_name", "id"], unique=False
        )
        batch_op.create_index("ix_cooperative_desa", ["desa_code", "status"], unique=False)
        batch_op.create_index("ix_cooperative_health", ["status", "health", "sort_name", "id"], unique=False)
        batch_op.create_index(
            "ix_cooperative_kecamatan", ["status", "kecamatan_code", "sort_name", "id"], unique=False
        )
        batch_op.create_index("ix_cooperative_legal_entity", ["legal_entity_key"], unique=False)
        batch_op.create_index("ix_cooperative_name_key", ["name_key"], unique=False)
        batch_op.create_index("ix_cooperative_nik", ["nik_koperasi"], unique=False)
        batch_op.create_index("ix_cooperative_phone", ["phone_index"], unique=False)
        batch_op.create_index("ix_cooperative_public", ["status", "sort_name", "id"], unique=False)
        batch_op.create_index(
            "ix_cooperative_type", ["status", "cooperative_type", "sort_name", "id"], unique=False
        )

    op.create_table(
        "import_row",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cells_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "conflict",
                "faulty",
                "skipped",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("record_code", sa.String(length=12), nullable=True),
        sa.Column("twin_sheet", sa.String(length=80), nullable=True),
        sa.Column("twin_row", sa.Integer(), nullable=True),
        sa.Column("changes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "same", "other", "skip", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("applied", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_import_row_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_batch", ["batch_id", "outcome", "id"], unique=False)
        batch_op.create_index("ix_import_row_number", ["batch_id", "row_number"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("receipt_number", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cooperative_registration",
                "cooperative_claim",
                "cooperative_correction",
                "cooperative_report",
                "cooperative_message",
                "lost_receipt",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "in_review",
                "returned",
                "accepted",
                "rejected",
                "duplicate",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record_code", sa.String(length=12), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=8), nullable=True),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("handled_kecamatan_code", sa.String(length=8), nullable=True),
        sa.Column("at_dinas", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("phone_index", sa.String(length=32), nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "assisted",
                "import",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("suspicious", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("came_sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "how_checked",
            sa.Enum(
                "ministry_list",
                "document",
                "telephone",
                "visit",
                name="how_checked",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("returned_fields", sa.JSON(), nullable=True),
        sa.Column("same_as_code", sa.String(length=12), nullable=True),
        sa.Column("contact_pending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "contacted_how",
            sa.Enum(
                "whatsapp",
                "telephone",
                "desa",
                name="contacted_how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["contacted_by"], ["account.id"], name=op.f("fk_submission_contacted_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_submission_decided_by_account")
        ),
        sa.ForeignKeyConstraint(["desa_code"], ["desa.code"], name=op.f("fk_submission_desa_code_desa")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_submission_entered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["handled_kecamatan_code"],
            ["kecamatan.code"],
            name=op.f("fk_submission_handled_kecamatan_code_kecamatan"),
        ),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_submission_kecamatan_code_kecamatan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_submission_receipt_number")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(
            "ix_submission_queue", ["status", "handled_kecamatan_code", "received_at"], unique=False
        )
        batch_op.create_index("ix_submission_record", ["record_code"], unique=False)

    op.create_table(
        "attachment",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_attachment_added_by_account")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_attachment_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachment_public_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("witness_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_consent_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(["witness_id"], ["account.id"], name=op.f("fk_consent_witness_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "rat_meeting",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("cooperative_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("book_year", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "assisted",
                "import",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_rat_meeting_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rat_meeting")),
        sa.UniqueConstraint(
            "cooperative_id", "book_year", name=op.f("uq_rat_meeting_cooperative_id_book_year")
        ),
    )
    op.create_table(
        "submission_revision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_revision_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_revision")),
    )
    with op.batch_alter_table("submission_revision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submission_revision_submission_id"), ["submission_id"], unique=False
        )

    _refuse_changes()


def downgrade() -> None:
    """Back to the form before."""
    with op.batch_alter_table("submission_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_revision_submission_id"))

    op.drop_table("submission_revision")
    op.drop_table("rat_meeting")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_submission_id"))

    op.drop_table("consent")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_submission_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_record")
        batch_op.drop_index("ix_submission_queue")
        batch_op.drop_index(batch_op.f("ix_submission_phone_index"))

    op.drop_table("submission")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_number")
        batch_op.drop_index("ix_import_row_batch")

    op.drop_table("import_row")
    with op.batch_alter_table("cooperative", schema=None) as batch_op:
        batch_op.drop_index("ix_cooperative_type")
        batch_op.drop_index("ix_cooperative_public")
        batch_op.drop_index("ix_cooperative_phone")
        batch_op.drop_index("ix_cooperative_nik")
        batch_op.drop_index("ix_cooperative_name_key")
        batch_op.drop_index("ix_cooperative_legal_entity")
        batch_op.drop_index("ix_cooperative_kecamatan")
        batch_op.drop_index("ix_cooperative_health")
        batch_op.drop_index("ix_cooperative_desa")
        batch_op.drop_index("ix_cooperative_activity")

    op.drop_table("cooperative")
    with op.batch_alter_table("stand_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stand_in_account_id"))

    op.drop_table("stand_in")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("search_variant")
    with op.batch_alter_table("search_posting", schema=None) as batch_op:
        batch_op.drop_index("ix_search_posting_weight")
        batch_op.drop_index("ix_search_posting_record")

    op.drop_table("search_posting")
    op.drop_table("recovery_code")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    op.drop_table("not_the_same")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_merged_code"))
        batch_op.drop_index(batch_op.f("ix_merge_kept_code"))

    op.drop_table("merge")
    op.drop_table("import_batch")
    with op.batch_alter_table("desa", schema=None) as batch_op:
        batch_op.drop_index("ix_desa_kecamatan")

    op.drop_table("desa")
    op.drop_table("account_area")
    op.drop_table("search_word")
    with op.batch_alter_table("region_alias", schema=None) as batch_op:
        batch_op.drop_index("ix_region_alias_key")

    op.drop_table("region_alias")
    op.drop_table("rate_counter")
    op.drop_table("public_tally")
    op.drop_table("pocket_version")
    with op.batch_alter_table("pocket_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_pocket_entry_kecamatan")

    op.drop_table("pocket_entry")
    with op.batch_alter_table("personal_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personal_access_subject"))

    op.drop_table("personal_access")
    op.drop_table("kecamatan")
    op.drop_table("holiday")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_subject"))

    op.drop_table("history")
    op.drop_table("account")
    _allow_changes()


APPEND_ONLY = ("history", "personal_access")


def _refuse_changes() -> None:
    """History can be added to and read: the database itself refuses to change or delete a line of it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for deed in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _allow_changes() -> None:
    """SQLite drops a table's triggers with the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change() CASCADE")
