"""Who finds the register of diplomas in the menu: a department, and no commune, whose schools give none."""

from tests.world import World, account


def test_a_commune_has_no_register_in_its_menu_and_a_department_has(db: None, world: World, client_of) -> None:
    commune = account(None, "department_officer", world.commune_office)
    entry = 'href="/records/diplomas/"'

    for who, stands in ((commune, False), (world.department_officer, True)):
        page = client_of(who).get("/", follow=True).content.decode()
        assert (entry in page) is stands
        assert 'href="/indicators/"' in page
