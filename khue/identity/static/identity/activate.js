// The code of a mailed link stands after the sign #, which no server sees: into its field with it.
const field = document.querySelector("#activation [name=code]");
const code = decodeURIComponent(location.hash.slice(1));
if (field && code && !field.value) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.querySelector("#activation [name=new_password]").focus();
}
