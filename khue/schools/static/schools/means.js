// Fills every answer that nobody was asked for yet; the person looks it over and saves.
const form = document.querySelector("[data-means]");
const bar = form?.querySelector("[data-fill]");
if (bar) {
  bar.hidden = false;
  bar.querySelector("[data-fill-with]").addEventListener("click", (event) => {
    const answer = event.currentTarget.dataset.fillWith;
    for (const select of form.querySelectorAll("select")) {
      if (select.value === "") {
        select.value = answer;
      }
    }
  });
}
