"""What a site compiles, kept for a test session: each test's site is new, its templates and addresses are not."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """What a site would compile anew, by the template's name; one whose source changed is left out."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


def keep_builders() -> None:
    """Let Werkzeug compile the two functions that make links of an address once, not once for each site."""
    compile_builder, kept = Rule._compile_builder, {}

    def of(rule, append_unknown=True):
        key = (rule.rule, *rule._trace, repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = of
