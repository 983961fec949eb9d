// Says once a visit that this article was opened. Nothing else leaves the browser, and nothing is stored beyond the visit.
const address = document.querySelector("[data-read]")?.dataset.read;
if (address && !sessionStorage.getItem(address)) {
  sessionStorage.setItem(address, "1");
  navigator.sendBeacon(address);
}
