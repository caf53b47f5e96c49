/* Copy buttons beside the addresses; without this script the address is there to mark and copy. */

document.querySelectorAll("[data-copy]").forEach((button) => {
  const told = button.nextElementSibling;
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      told.textContent = told.dataset.copied;
    } catch {
      getSelection().selectAllChildren(source);
      told.textContent = told.dataset.marked;
    }
  });
});
