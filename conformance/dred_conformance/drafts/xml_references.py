"""How the text form words the cross references of RFCXML."""

import re
from collections.abc import Mapping

__all__ = ["reference_text"]


def _to_section(label: str, section: str, form: str) -> str:
    """Word a reference to a section of another document."""
    name = f"{'Section' if section[:1].isdigit() else 'Appendix'} {section}"
    return {
        "bare": section,
        "comma": f"{label}, {name}",
        "parens": f"{label} ({name})",
    }.get(form, f"{name} of {label}")


def reference_text(attributes: Mapping[str, str], labels: Mapping[str, str], content: str) -> str:
    """Return what ``xref`` or ``relref`` becomes.

    Parameters
    ----------
    attributes
        Those of the element.
    labels
        Names of the anchors.
    content
        The text inside the element, empty for none.
    """
    target = attributes.get("target", "")
    label = labels.get(target) or attributes.get("derivedContent") or f"[{target}]"
    section = attributes.get("section", "")
    if section:
        label = _to_section(
            label, section, attributes.get("sectionFormat", attributes.get("displayFormat", ""))
        )
    form = attributes.get("format", "default")
    if form == "none":
        return content
    if form == "counter":
        label = re.sub(r"^(Section|Appendix|Figure|Table) ", "", label)
    elif form == "title":
        label = attributes.get("derivedContent", label)
    if not content:
        return label
    return f"{content} {label}" if label.startswith("[") else f"{content} ({label})"
