"""Who reads which account: its bearer, and the schools where it has or had a role or its person belongs.

Signing in raises the scope on purpose, and the functions that find the actor run as the owner: both still see every
account before there is a scope. The policies of grants and affiliations narrow what is looked up here to the scope.
"""

from django.db import migrations

READ = """
    (SELECT khue_scope_is_all()) OR identity_account.id = (SELECT khue_account())
    OR EXISTS (SELECT 1 FROM identity_grant g WHERE g.account_id = identity_account.id)
    OR EXISTS (SELECT 1 FROM registry_affiliation a WHERE a.person_id = identity_account.person_id)
"""
WRITE = "(SELECT khue_scope_is_all()) OR identity_account.id = (SELECT khue_account())"
CLOSE = f"""
ALTER TABLE identity_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_select ON identity_account FOR SELECT USING ({READ});
CREATE POLICY scope_insert ON identity_account FOR INSERT WITH CHECK ((SELECT khue_scope_is_all()));
CREATE POLICY scope_update ON identity_account FOR UPDATE USING ({WRITE}) WITH CHECK ({WRITE});
CREATE POLICY scope_delete ON identity_account FOR DELETE USING ((SELECT khue_scope_is_all()));
"""
OPEN = """
DROP POLICY scope_select ON identity_account; DROP POLICY scope_insert ON identity_account;
DROP POLICY scope_update ON identity_account; DROP POLICY scope_delete ON identity_account;
ALTER TABLE identity_account DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0008_name_of_who_asked"), ("registry", "0009_forget_amended_codes")]
    operations = [migrations.RunSQL(CLOSE, OPEN)]
