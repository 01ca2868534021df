// A certified OpenID Connect provider on loopback, for tests/test_provider.py. Whoever the test names is signed in.
// node oidc_provider.mjs <path of oidc-provider's index.js> <redirect uri>; prints its port when it listens.
import http from 'node:http';

const { default: Provider } = await import(process.argv[2]);
const server = http.createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: 'zugong', client_secret: 'tell-nobody-of-this-secret', redirect_uris: [process.argv[3]] }],
  features: { devInteractions: { enabled: false } },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'amr', 'acr'], profile: ['preferred_username', 'name'], email: ['email'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['of the test alone'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id.replace('sub-', ''), name: id }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});
server.on('request', (request, response) => {
  if (request.url.startsWith('/interaction/')) {
    const amr = (request.headers['x-amr'] || '').split(',').filter(Boolean);
    provider.interactionFinished(request, response, { login: { accountId: request.headers['x-account'], amr } });
  } else {
    provider.callback()(request, response);
  }
});
console.log(server.address().port);
