"""The clinic: timetable, slots, bookings; three kinds of submission of its own."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

KINDS = (
    "cooperative_registration",
    "cooperative_claim",
    "cooperative_correction",
    "cooperative_report",
    "cooperative_message",
    "lost_receipt",
)
CLINIC_KINDS = ("clinic_booking", "clinic_wish", "clinic_feedback")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("submission") as table:
        table.drop_constraint(op.f("ck_submission_kind"), type_="check")
        table.create_check_constraint(op.f("ck_submission_kind"), f"kind IN ({listed})")


def _forbid_overlaps() -> None:
    """The second belt of PostgreSQL: no expert and no desk in two conversations at once, whatever the grid of hours."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for whose, extra in (("expert", ""), ("desk", " AND desk_id IS NOT NULL")):
        op.execute(
            f"ALTER TABLE clinic_booking ADD CONSTRAINT ex_clinic_booking_{whose} EXCLUDE USING gist "
            f"({whose}_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (alive{extra})"
        )


def upgrade() -> None:
    """To the new form; the code that is already running must still work with it."""
    op.create_table('clinic_channel_visit',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('visits', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'day', name=op.f('pk_clinic_channel_visit'))
    )
    op.create_table('clinic_desk',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_desk')),
    sa.UniqueConstraint('name', name=op.f('uq_clinic_desk_name'))
    )
    op.create_table('clinic_hours',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('service', sa.Enum('cooperative', 'business', name='service', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('weekday', sa.SmallInteger(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('special', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_hours'))
    )
    op.create_table('clinic_setting',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_clinic_setting'))
    )
    op.create_table('clinic_broadcast',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('posted_on', sa.Date(), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('likes', sa.Integer(), nullable=False),
    sa.Column('comments', sa.Integer(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('noted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['noted_by'], ['account.id'], name=op.f('fk_clinic_broadcast_noted_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_broadcast'))
    )
    op.create_table('clinic_expert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('meeting_link', sa.String(length=300), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_clinic_expert_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_expert')),
    sa.UniqueConstraint('account_id', name=op.f('uq_clinic_expert_account_id')),
    sa.UniqueConstraint('name', name=op.f('uq_clinic_expert_name'))
    )
    op.create_table('clinic_closure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=True),
    sa.Column('ends', sa.Time(), nullable=True),
    sa.Column('expert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=160), nullable=False),
    sa.ForeignKeyConstraint(['desk_id'], ['clinic_desk.id'], name=op.f('fk_clinic_closure_desk_id_clinic_desk')),
    sa.ForeignKeyConstraint(['expert_id'], ['clinic_expert.id'], name=op.f('fk_clinic_closure_expert_id_clinic_expert')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_closure'))
    )
    with op.batch_alter_table('clinic_closure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clinic_closure_last_day'), ['last_day'], unique=False)

    op.create_table('clinic_duty',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('service', sa.Enum('cooperative', 'business', name='service', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('expert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['desk_id'], ['clinic_desk.id'], name=op.f('fk_clinic_duty_desk_id_clinic_desk')),
    sa.ForeignKeyConstraint(['expert_id'], ['clinic_expert.id'], name=op.f('fk_clinic_duty_expert_id_clinic_expert')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_duty')),
    sa.UniqueConstraint('day', 'service', 'expert_id', name=op.f('uq_clinic_duty_day_service_expert_id'))
    )
    with op.batch_alter_table('clinic_duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clinic_duty_expert_id'), ['expert_id'], unique=False)

    op.create_table('clinic_expert_topic',
    sa.Column('expert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('topic', sa.Enum('peluang', 'keuangan', 'pemasaran', 'operasional', 'legalitas', 'produk', 'pendirian', 'lainnya', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['clinic_expert.id'], name=op.f('fk_clinic_expert_topic_expert_id_clinic_expert')),
    sa.PrimaryKeyConstraint('expert_id', 'topic', name=op.f('pk_clinic_expert_topic'))
    )
    op.create_table('clinic_slot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('service', sa.Enum('cooperative', 'business', name='service', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('open', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('reserved', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('held_by', sa.String(length=36), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offered_from', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['desk_id'], ['clinic_desk.id'], name=op.f('fk_clinic_slot_desk_id_clinic_desk')),
    sa.ForeignKeyConstraint(['expert_id'], ['clinic_expert.id'], name=op.f('fk_clinic_slot_expert_id_clinic_expert')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_slot')),
    sa.UniqueConstraint('desk_id', 'starts_at', name=op.f('uq_clinic_slot_desk_id_starts_at')),
    sa.UniqueConstraint('expert_id', 'starts_at', name=op.f('uq_clinic_slot_expert_id_starts_at'))
    )
    with op.batch_alter_table('clinic_slot', schema=None) as batch_op:
        batch_op.create_index('ix_clinic_slot_free', ['service', 'starts_at'], unique=False)

    op.create_table('clinic_booking',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('status', sa.Enum('booked', 'arrived', 'in_session', 'done', 'no_show', 'cancelled_by_client', 'cancelled_by_office', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('alive', sa.Boolean(), nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('service', sa.Enum('cooperative', 'business', name='service', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('desk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('mode', sa.Enum('in_person', 'online', 'phone', name='mode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('client_type', sa.Enum('koperasi', 'umkm', 'umum', name='client_type', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('topic', sa.Enum('peluang', 'keuangan', 'pemasaran', 'operasional', 'legalitas', 'produk', 'pendirian', 'lainnya', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('kecamatan_code', sa.String(length=8), nullable=True),
    sa.Column('record_code', sa.String(length=12), nullable=True),
    sa.Column('phone_index', sa.String(length=32), nullable=True),
    sa.Column('first_time', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('walk_in', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('wants_earlier', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('must_move', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('serve_first', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('meeting_link', sa.String(length=300), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.CheckConstraint("alive = (status IN ('booked', 'arrived', 'in_session', 'done'))", name=op.f('ck_clinic_booking_alive_follows_status')),
    sa.ForeignKeyConstraint(['desk_id'], ['clinic_desk.id'], name=op.f('fk_clinic_booking_desk_id_clinic_desk')),
    sa.ForeignKeyConstraint(['expert_id'], ['clinic_expert.id'], name=op.f('fk_clinic_booking_expert_id_clinic_expert')),
    sa.ForeignKeyConstraint(['kecamatan_code'], ['kecamatan.code'], name=op.f('fk_clinic_booking_kecamatan_code_kecamatan')),
    sa.ForeignKeyConstraint(['slot_id'], ['clinic_slot.id'], name=op.f('fk_clinic_booking_slot_id_clinic_slot')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_clinic_booking_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_booking')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_clinic_booking_submission_id'))
    )
    with op.batch_alter_table('clinic_booking', schema=None) as batch_op:
        batch_op.create_index('ix_clinic_booking_day', ['starts_at', 'status'], unique=False)
        batch_op.create_index('ix_clinic_booking_of_phone', ['phone_index', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_clinic_booking_record_code'), ['record_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_clinic_booking_slot_id'), ['slot_id'], unique=False)
        batch_op.create_index('uq_clinic_booking_desk', ['desk_id', 'starts_at'], unique=True, sqlite_where=sa.text('alive AND desk_id IS NOT NULL'), postgresql_where=sa.text('alive AND desk_id IS NOT NULL'))
        batch_op.create_index('uq_clinic_booking_expert', ['expert_id', 'starts_at'], unique=True, sqlite_where=sa.text('alive'), postgresql_where=sa.text('alive'))
        batch_op.create_index('uq_clinic_booking_phone', ['phone_index', 'starts_at'], unique=True, sqlite_where=sa.text('alive AND phone_index IS NOT NULL'), postgresql_where=sa.text('alive AND phone_index IS NOT NULL'))

    op.create_table('clinic_feedback',
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('score_1', sa.SmallInteger(), nullable=True),
    sa.Column('score_2', sa.SmallInteger(), nullable=True),
    sa.Column('score_3', sa.SmallInteger(), nullable=True),
    sa.Column('score_4', sa.SmallInteger(), nullable=True),
    sa.Column('score_5', sa.SmallInteger(), nullable=True),
    sa.Column('score_6', sa.SmallInteger(), nullable=True),
    sa.Column('score_7', sa.SmallInteger(), nullable=True),
    sa.Column('score_8', sa.SmallInteger(), nullable=True),
    sa.Column('score_9', sa.SmallInteger(), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['clinic_booking.id'], name=op.f('fk_clinic_feedback_booking_id_clinic_booking')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_clinic_feedback_submission_id_submission')),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_clinic_feedback')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_clinic_feedback_booking_id'))
    )
    with op.batch_alter_table('clinic_feedback', schema=None) as batch_op:
        batch_op.create_index('ix_clinic_feedback_given_at', ['given_at'], unique=False)

    op.create_table('clinic_note',
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('outcome', sa.Enum('answered', 'referred', 'another_session', 'new_cooperative', 'new_business', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('written_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['clinic_booking.id'], name=op.f('fk_clinic_note_booking_id_clinic_booking')),
    sa.ForeignKeyConstraint(['written_by'], ['account.id'], name=op.f('fk_clinic_note_written_by_account')),
    sa.PrimaryKeyConstraint('booking_id', name=op.f('pk_clinic_note'))
    )
    op.create_table('clinic_wish',
    sa.Column('submission_id', sa.String(length=36), nullable=False),
    sa.Column('service', sa.Enum('cooperative', 'business', name='service', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('topic', sa.Enum('peluang', 'keuangan', 'pemasaran', 'operasional', 'legalitas', 'produk', 'pendirian', 'lainnya', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', 'phone', name='mode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('weekdays', sa.String(length=10), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('booking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['clinic_booking.id'], name=op.f('fk_clinic_wish_booking_id_clinic_booking')),
    sa.ForeignKeyConstraint(['closed_by'], ['account.id'], name=op.f('fk_clinic_wish_closed_by_account')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_clinic_wish_submission_id_submission')),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_clinic_wish'))
    )
    with op.batch_alter_table('clinic_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clinic_wish_closed_at'), ['closed_at'], unique=False)

    _allow_kinds(KINDS + CLINIC_KINDS)
    if op.get_bind().dialect.name == "postgresql":
        _forbid_overlaps()


def downgrade() -> None:
    """Back to the form before."""
    with op.batch_alter_table('clinic_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clinic_wish_closed_at'))

    op.drop_table('clinic_wish')
    op.drop_table('clinic_note')
    with op.batch_alter_table('clinic_feedback', schema=None) as batch_op:
        batch_op.drop_index('ix_clinic_feedback_given_at')

    op.drop_table('clinic_feedback')
    with op.batch_alter_table('clinic_booking', schema=None) as batch_op:
        batch_op.drop_index('uq_clinic_booking_phone', sqlite_where=sa.text('alive AND phone_index IS NOT NULL'), postgresql_where=sa.text('alive AND phone_index IS NOT NULL'))
        batch_op.drop_index('uq_clinic_booking_expert', sqlite_where=sa.text('alive'), postgresql_where=sa.text('alive'))
        batch_op.drop_index('uq_clinic_booking_desk', sqlite_where=sa.text('alive AND desk_id IS NOT NULL'), postgresql_where=sa.text('alive AND desk_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_clinic_booking_slot_id'))
        batch_op.drop_index(batch_op.f('ix_clinic_booking_record_code'))
        batch_op.drop_index('ix_clinic_booking_of_phone')
        batch_op.drop_index('ix_clinic_booking_day')

    op.drop_table('clinic_booking')
    with op.batch_alter_table('clinic_slot', schema=None) as batch_op:
        batch_op.drop_index('ix_clinic_slot_free')

    op.drop_table('clinic_slot')
    op.drop_table('clinic_expert_topic')
    with op.batch_alter_table('clinic_duty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clinic_duty_expert_id'))

    op.drop_table('clinic_duty')
    with op.batch_alter_table('clinic_closure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clinic_closure_last_day'))

    op.drop_table('clinic_closure')
    op.drop_table('clinic_expert')
    op.drop_table('clinic_broadcast')
    op.drop_table('clinic_setting')
    op.drop_table('clinic_hours')
    op.drop_table('clinic_desk')
    op.drop_table('clinic_channel_visit')
    clinics = ", ".join(f"'{kind}'" for kind in CLINIC_KINDS)
    for table in ("consent", "attachment", "submission_revision"):
        op.execute(
            f"DELETE FROM {table} WHERE submission_id IN (SELECT id FROM submission WHERE kind IN ({clinics}))"
        )
    op.execute(f"DELETE FROM submission WHERE kind IN ({clinics})")
    _allow_kinds(KINDS)
