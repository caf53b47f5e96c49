/* Copy buttons beside the addresses; without this script the address is there to mark and copy. */

document.querySelectorAll("[data-copy]").forEach((button) => {
  const told = button.nextElementSibling;
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      told.textContent = "Kopiert";
    } catch {
      getSelection().selectAllChildren(source);
      told.textContent = "Adressen er merket. Kopier den med Ctrl+C eller Cmd+C.";
    }
  });
});
