"""The pages of what was measured in a browser: for all, clicked through, and with their charts."""

from playwright.sync_api import Browser

from tests.browser import LOOKS, Tab, follow, is_for_all
from tests.measured import ANSWERS, Write, cell


def test_axe_finds_nothing_and_nothing_is_too_wide(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    write("own")
    paths = ("/compare", f"/compare?{ANSWERS}", "/compare/cut/prodcons", "/compare/killed/stream")
    for look in LOOKS:
        tab = browser.new_context(**look).new_page()
        for path in paths:
            tab.goto(address + path)
            if "/cut/" in path or "/killed/" in path:
                tab.wait_for_selector("figure canvas")
            is_for_all(tab)
        tab.context.close()


def test_six_clicks_and_a_button_lead_to_the_answer(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/compare")
    for answer in ANSWERS.split("&"):
        name, _, value = answer.partition("=")
        tab.check(f"input[name={name}][value={value}]")
    follow(tab, "form button")
    assert tab.url == f"{address}/compare?{ANSWERS}#answer"
    follow(tab, "#answer >> text=Killed:")
    assert tab.inner_text("h1") == "1. Killed: Reliable queue"
    context.close()


def drawn(browser: Browser, address: str) -> Tab:
    """A cell of both clients, with its charts."""
    tab = Tab(browser, f"{address}/compare/cut/prodcons")
    tab.page.wait_for_selector("#length-plain canvas")
    assert not tab.errors
    return tab


def test_each_chart_is_drawn_and_has_a_name(write: Write, address: str, browser: Browser) -> None:
    write()
    tab = drawn(browser, address)
    charts = tab.page.get_by_role("img", name="Delay, ms: median from 0.4 to 0.6; longest from 1.9")
    assert charts.count() == 2
    assert tab.page.locator("figure canvas").count() == 6
    tab.page.hover("#delay-ours .u-over", position={"x": 1, "y": 9})
    for client in ("ours", "plain"):  # one second is pointed at in all charts
        tab.page.wait_for_selector(f"#delay-{client} .u-legend >> text=0.25 s")
        assert "longest1.9" in tab.page.inner_text(f"#delay-{client} .u-legend")
    tab.context.close()


def test_both_clients_are_drawn_on_the_same_scales(
    write: Write, address: str, browser: Browser
) -> None:
    ours = "document.querySelector('#delay-ours canvas').toDataURL()"
    shown = []
    for longest in (31, 31, 5000):
        charts = {"delay": [[0.25, 0.6, longest]], "length": [[0.25, 1]]}
        write(cells=[cell("cut", "prodcons"), cell("cut", "prodcons", "plain", charts=charts)])
        tab = drawn(browser, address)
        shown.append(tab.page.evaluate(ours))
        tab.context.close()
    assert shown[0] == shown[1] != shown[2]


def test_without_the_library_the_ranges_stand_there(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    tab = drawn(browser, address)
    tab.page.route("**/uPlot*", lambda route: route.abort())
    tab.page.reload()
    tab.page.wait_for_load_state("networkidle")
    assert "longest from 1.9 to 31" in tab.page.inner_text("#delay-plain")
    tab.context.close()
