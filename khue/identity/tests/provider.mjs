// A real OpenID Connect provider for the tests: people sign in at it with any password, as its own pages let them.
import Provider from "oidc-provider";

const { PORT, BACK } = process.env;
const people = { an: "087215000123", binh: "087215000999", chi: "" };

const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{ client_id: "khue", client_secret: "a secret between the two", redirect_uris: [BACK] }],
  claims: { openid: ["sub", "personal_number", "email"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, personal_number: people[id] || undefined, email: `${id}@example.vn` }),
  }),
});

provider.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
