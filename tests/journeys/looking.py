"""axe over a page, each part of it once a run: the menu that forty pages share is judged with the first of them.

A page is cut into the entries of its menus and the children of its body. What was found sound is not judged again while
it is the same: its markup, what is shown of it and in which colours, what is chosen, filled or open in it, what is
around it, the style sheets. In a window of another width where all that is the same, only what follows from sizes is
judged (SIZES). Rules about the page as a whole (headings, landmarks, its title) are always tried on a page with a new
part. See decision 0290.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.shelf import AXE, AXE_FILE

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What the product promises: WCAG 2.2 AA, and axe's best practices.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": STANDARDS},
    # Of what passes axe keeps one element a rule: nobody reads the others, and they take half of its time.
    "resultTypes": ["violations"],
    # Nor does anybody read by which selector an element is found again.
    "selectors": False,
    # For one rule, about style sheets that turn the page, axe reads all of them anew; our content policy forbids it
    # and the rule says nothing. tests/architecture/test_style_sheets.py holds it for all pages at once.
    "preload": False,
}
#: The same, of what is sound in a window of another width.
SIZES = OPTIONS | {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
#: How a page is cut; the same expression names the parts when they are described and when they are left out.
PARTS = 'document.querySelectorAll("body > *:not(script), body > :not(main) li:not(:has(ul))")'
#: The width of the window, then the page around its parts, then each part, as text.
DESCRIBED = f"""() => {{
    const look = element => {{
        if (!element.checkVisibility()) return "hidden";
        const style = getComputedStyle(element);
        return [style.color, style.backgroundColor, style.backgroundImage, style.opacity].join();
    }};
    const around = element => {{
        const names = [];
        for (let each = element.parentElement; each; each = each.parentElement)
            names.push(`${{each.tagName}}.${{each.className}}#${{each.id}} ${{look(each)}}`);
        return names.join(" ");
    }};
    const asked = ["(prefers-color-scheme: dark)", "print", "(pointer: coarse)", "(forced-colors: active)"];
    const sheets = [...document.styleSheets].map(each => each.href ?? each.ownerNode?.textContent);
    const outermost = [document.documentElement, document.body, ...document.body.children];
    const page = [devicePixelRatio, ...asked.map(each => matchMedia(each).matches), ...sheets,
        document.title && "titled", ...outermost.map(each => each.cloneNode().outerHTML)].join("\\n");
    const states = ":checked, :focus, :popover-open, :modal, :user-invalid, :placeholder-shown, :indeterminate";
    const here = part => [part, ...part.querySelectorAll("*")];
    return [String(innerWidth), page, ...[...{PARTS}].map(part => [page, around(part), part.outerHTML,
        ...here(part).map((each, at) => each.matches(states) ? at : "").filter(String),
        // How each looks where it looks unlike the one before it.
        ...here(part).map(look).map((each, at, all) => each === all[at - 1] ? "" : `${{at}} ${{each}}`).filter(String),
    ].join("\\n"))];
}}"""
RUN = f"""async ([options, known]) => {{
    const parts = [...{PARTS}];
    const all = {{include: [document.documentElement], exclude: known.map(at => parts[at])}};
    // What is still fading in has not the colours that somebody reads. One that is at its end may not hear so for ever:
    // that is told with the next picture, and where nothing moves none is drawn.
    const left = each => each.effect?.getComputedTiming().endTime - each.currentTime;
    const ending = document.getAnimations().filter(each => each.playState === "running" && left(each) > 1
        && Number.isFinite(left(each)));
    await Promise.race([
        Promise.allSettled(ending.map(each => each.finished)), new Promise(done => setTimeout(done, 2000)),
    ]);
    return (await axe.run(known.length ? all : document, options)).violations;
}}"""
FETCH = """address => new Promise(done => {
    const script = document.createElement("script");
    script.onload = script.onerror = () => { script.remove(); done(); };
    script.src = address;
    document.head.append(script);
})"""
HAS_AXE = "'axe' in window"
#: Names of rows and signs of a form are others on each visit, and nobody sees them.
INVISIBLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=value=\")[A-Za-z0-9]{64}(?=\")")
#: What this process has found sound, and in windows of which width.
_sound: set[bytes] = set()
_sound_at: set[tuple[bytes, str]] = set()


@cache
def _axe() -> str:
    return AXE_FILE.read_text()


def sound_but_for(page: Page, *, on_the_shelf: bool) -> list[str]:
    """What axe finds wrong in parts of the page that it did not find sound before.

    on_the_shelf    axe is among the page's own static files, where the browser keeps it compiled
    """
    width, *described = page.evaluate(DESCRIBED)
    keys = [sha256(INVISIBLE.sub("", each).encode()).digest() for each in described]
    new, new_here = set(keys) - _sound, {(key, width) for key in keys} - _sound_at
    if not new_here:
        return []
    if not page.evaluate(HAS_AXE):
        if on_the_shelf:
            page.evaluate(FETCH, AXE)
        if not on_the_shelf or not page.evaluate(HAS_AXE):
            page.evaluate(_axe())
    # What is new is judged by every rule; what is new here only, by those about sizes.
    found = page.evaluate(RUN, [OPTIONS, _places(keys, lambda key: key in _sound)]) if new else []
    if {key for key, _width in new_here} - new:
        known = _places(keys, lambda key: key in new or (key, width) in _sound_at)
        found += page.evaluate(RUN, [SIZES, known])
    if not found:
        _sound.update(new)
        _sound_at.update(new_here)
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:4]]}" for each in found]


def _places(keys: list[bytes], holds: Callable[[bytes], bool]) -> list[int]:
    """The parts for which it holds; the first key is of the page around them."""
    return [at for at, key in enumerate(keys[1:]) if holds(key)]
