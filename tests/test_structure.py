"""Who may import whom, and how large things may become."""

import ast
from pathlib import Path

import pytest

from patterns import NAMES
from tests.processes import ROOT

FOLDERS = (
    "messaging",
    "patterns",
    "controls",
    "listeners",
    "pages",
    "starting",
    "bench",
    "lab",
    "attack",
    "jobs",
    "tests",
)
OURS = {"web", *FOLDERS}
MAY_IMPORT = {
    "messaging": {"messaging"},
    "patterns": {"messaging", "patterns"},
    "controls": {"messaging", "patterns", "controls"},
    "jobs": {"messaging", "jobs"},
    "listeners": {"messaging", "patterns"},  # never each other
    "pages": {"messaging", "patterns", "controls", "jobs", "pages"},
    "web": {"messaging", "patterns", "pages"},
    "starting": {"messaging", "patterns", "controls", "pages", "jobs", "starting"},
    "lab": {"messaging", "patterns", "starting", "web", "lab"},  # of web only how it sends
    "bench": {"messaging", "patterns", "jobs", "starting", "web", "bench"},  # the same
    "attack": {"messaging", "patterns", "starting", "attack"},
}
PRODUCT = ("web", "pages", "listeners", "patterns", "controls", "jobs", "messaging", "starting")
ONE_EVENING = 1930  # lines that are not blank: web.py, listeners/ and messaging/ together
LONGEST_FILE = 150  # lines that are not blank
LONGEST_FUNCTION = 45  # lines


def sources(folder: str) -> list[Path]:
    return [ROOT / "web.py"] if folder == "web" else sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The packages and modules that a file imports, by their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by position"
            found.add(str(node.module).partition(".")[0])
    return found


def length(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text().splitlines())


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_go_one_way(folder: str) -> None:
    for path in sources(folder):
        assert imports(path) & OURS <= MAY_IMPORT[folder], path


def test_only_the_web_knows_flask() -> None:
    for folder in ("messaging", "patterns", "controls", "jobs", "listeners", "starting"):
        assert not any("flask" in imports(path) for path in sources(folder))


def test_lab_and_bench_take_from_the_web_only_how_it_sends() -> None:
    takes = [path for path in sources("lab") + sources("bench") if "web" in imports(path)]
    assert takes == [ROOT / "lab" / "producer.py", ROOT / "bench" / "cost.py"]
    for path in takes:
        assert "from web import SENDS\n" in path.read_text()


def test_one_place_knows_redis_url() -> None:
    knows = [p for folder in PRODUCT for p in sources(folder) if '"REDIS_URL"' in p.read_text()]
    assert knows == [ROOT / "messaging" / "settings.py"]


def test_one_place_knows_every_key_and_channel() -> None:
    folders = (*PRODUCT, "lab")
    knows = [p for folder in folders for p in sources(folder) if '"task:' in p.read_text()]
    assert knows == [ROOT / "messaging" / "settings.py"]


def test_the_modules_beside_the_registry_are_the_patterns() -> None:
    assert {path.stem for path in (ROOT / "patterns").glob("*.py")} == {"__init__", *NAMES}


def test_what_one_reads_in_an_evening_stays_small() -> None:
    read = [p for folder in ("web", "listeners", "messaging") for p in sources(folder)]
    assert sum(map(length, read)) <= ONE_EVENING


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_no_file_and_no_function_grows_past_a_screen(folder: str) -> None:
    for path in sources(folder):
        assert length(path) <= LONGEST_FILE, path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno
                assert node.end_lineno - node.lineno < LONGEST_FUNCTION, (path, node.name)


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    for folder in (*MAY_IMPORT, "tests"):
        for path in sources(folder):
            sentence = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n\n")[0]
            assert sentence, path


def test_no_listener_is_named_like_a_module_that_others_import() -> None:
    """A script's folder comes first on its import path."""
    import sys

    names = {path.stem for path in sources("listeners")} - {"__init__"}
    assert not names & (set(sys.stdlib_module_names) | {"redis", "hiredis", "messaging"})
