// One tab stop for the whole wheel; arrows, Home and End move between the marks.
// Without this script every mark is its own tab stop, and all of them still work.
"use strict";

const marks = [...document.querySelectorAll(".wheel .mark")].sort(byLabelledDay);

function byLabelledDay(one, other) {
  return one.dataset.due.localeCompare(other.dataset.due);
}

function focus(index) {
  const target = marks[(index + marks.length) % marks.length];
  marks.forEach((mark) => mark.setAttribute("tabindex", mark === target ? "0" : "-1"));
  target.focus();
}

const MOVES = {
  ArrowRight: (index) => index + 1,
  ArrowDown: (index) => index + 1,
  ArrowLeft: (index) => index - 1,
  ArrowUp: (index) => index - 1,
  Home: () => 0,
  End: () => marks.length - 1,
};

marks.forEach((mark, index) => {
  mark.setAttribute("tabindex", index === 0 ? "0" : "-1");
  mark.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      focus(move(index));
    }
  });
});
