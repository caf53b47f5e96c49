"""Tab: one that stays open while page after page is looked at, and begins each the same way."""

from dataclasses import dataclass, field
from typing import Self

from playwright.sync_api import Browser, Page

WIDE = {"width": 1440, "height": 900}
PLAIN = {
    "media": "screen",
    "color_scheme": "light",
    "reduced_motion": "no-preference",
    "forced_colors": "none",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page, and what the browser complained of since it was last sent somewhere."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, browser: Browser, code: str, cookie: dict[str, str] | None) -> Self:
        """Of a browser of its own, in a language, for whoever has the cookie."""
        context = browser.new_context(locale=code)
        if cookie:
            context.add_cookies([cookie])
        tab = cls(context.new_page())
        tab.page.on("console", lambda message: tab.complaints.append(message.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on("requestfailed", lambda request: tab.complaints.append(request.url))
        return tab

    def show(self, address: str) -> None:
        """Open an address, whatever the page before was looked at as."""
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(**PLAIN)
        self.complaints.clear()
        self.page.goto(address)
