// Runs the operations of one package, whose name is the argument, and prints a JSON object for each.
'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const AUDIENCE = 'https://orders.example.com';
const {SA1, SA2, SA3, KEY_FILE} = process.env;
const ACCOUNTS = 'https://iam.googleapis.com/v1/projects/demo-project/serviceAccounts';
const name = account => `projects/-/serviceAccounts/${account}`;
const {GoogleAuth, DownscopedClient, Impersonated, JWT, OAuth2Client} =
    require('google-auth-library');

const keyClient = () => new GoogleAuth({keyFile: KEY_FILE, scopes: SCOPE}).getClient();
const fileClient = keyFile => new GoogleAuth({keyFile, scopes: SCOPE}).getClient();
const machine = () => new GoogleAuth({scopes: SCOPE});

async function operation(title, run) {
  let failure = null;
  try {
    await run();
  } catch (error) {
    failure = String(error?.stack ?? error);
  }
  console.log(JSON.stringify({operation: title, failure}));
}

/** The emulator accepts the token of a client, and shows the accounts that it may list. */
async function listsAccounts(client) {
  const {data} = await client.request({url: ACCOUNTS});
  assert.deepEqual(data.accounts.map(account => account.email), [SA1, SA2, SA3]);
}

/** An ID token is signed by Google, and belongs to the account. */
async function belongsTo(account, idToken) {
  const ticket = await new OAuth2Client().verifyIdToken({idToken, audience: AUDIENCE});
  assert.equal(ticket.getPayload().email, account);
}

/** One of the account's published keys verifies the signature. */
async function isSignedBy(account, content, signature) {
  const client = await keyClient();
  const {data} = await client.request(
      {url: `https://www.googleapis.com/service_accounts/v1/metadata/x509/${account}`});
  assert.ok(Object.values(data).some(certificate =>
      crypto.createVerify('RSA-SHA256').update(content).verify(certificate, signature)));
}

async function isSignedJwtOf(account, jwt) {
  const parts = jwt.split('.');
  await isSignedBy(
      account, parts.slice(0, 2).join('.'), Buffer.from(parts[2], 'base64url'));
  return JSON.parse(Buffer.from(parts[1], 'base64url').toString());
}

async function impersonated(target, delegates = []) {
  return new Impersonated({
    sourceClient: await keyClient(),
    targetPrincipal: target,
    targetScopes: [SCOPE],
    delegates,
    lifetime: 600,
  });
}

async function hasAccessToken(client) {
  assert.match((await client.getAccessToken()).token, /^ya29\./);
}

async function googleAuthLibrary() {
  await operation('key file: access token', async () => listsAccounts(await keyClient()));
  await operation('key file: ID token', async () => {
    const client = await new GoogleAuth({keyFile: KEY_FILE}).getIdTokenClient(AUDIENCE);
    await belongsTo(SA1, await client.idTokenProvider.fetchIdToken(AUDIENCE));
  });
  await operation('key file: self-signed JWT', async () => {
    const client = await new GoogleAuth({keyFile: KEY_FILE}).getClient();
    const headers = await client.getRequestHeaders(ACCOUNTS);
    await listsAccounts({request: ({url}) => client.transporter.request({url, headers})});
  });
  await operation('key file: access token of a user (domain-wide delegation)', async () => {
    const key = JSON.parse(fs.readFileSync(KEY_FILE, 'utf8'));
    await listsAccounts(new JWT({
      email: key.client_email,
      key: key.private_key,
      scopes: SCOPE,
      subject: 'admin@example.com',
    }));
  });
  await operation('user credentials: access token', async () =>
      listsAccounts(await fileClient(process.env.USER_FILE)));
  await operation('metadata server: access token', async () =>
      listsAccounts(await machine().getClient()));
  await operation('metadata server: ID token', async () => {
    const client = await machine().getIdTokenClient(AUDIENCE);
    await belongsTo(SA1, await client.idTokenProvider.fetchIdToken(AUDIENCE));
  });
  await operation('metadata server: project', async () =>
      assert.equal(await machine().getProjectId(), 'demo-project'));
  await operation('metadata server: signature', async () =>
      isSignedBy(SA1, 'content', Buffer.from(await machine().sign('content'), 'base64')));
  await operation('impersonation: access token', async () =>
      hasAccessToken(await impersonated(SA2)));
  await operation('impersonation through a delegate: access token', async () =>
      hasAccessToken(await impersonated(SA3, [SA2])));
  await operation('impersonation without a grant: refused', async () =>
      assert.rejects((await impersonated(SA3)).getAccessToken(), /iam\.serviceAccounts\.getAccessToken/));
  await operation('impersonation: ID token', async () =>
      belongsTo(SA2, await (await impersonated(SA2)).fetchIdToken(AUDIENCE)));
  await operation('impersonation: signature', async () => {
    const {signedBlob} = await (await impersonated(SA2)).sign('content');
    await isSignedBy(SA2, 'content', Buffer.from(signedBlob, 'base64'));
  });
  await operation('impersonation file: access token', async () =>
      hasAccessToken(await fileClient(process.env.IMPERSONATION_FILE)));
  await operation('workload identity federation: access token of a service account', async () =>
      listsAccounts(await fileClient(process.env.FEDERATION_FILE)));
  await operation('workload identity federation: access token of the workload', async () =>
      listsAccounts(await fileClient(process.env.DIRECT_FEDERATION_FILE)));
  await operation('downscoped access token', async () => {
    const rule = {
      availableResource: '//storage.googleapis.com/projects/_/buckets/bucket',
      availablePermissions: ['inRole:roles/storage.objectViewer'],
    };
    const boundary = {accessBoundary: {accessBoundaryRules: [rule]}};
    await hasAccessToken(new DownscopedClient(await keyClient(), boundary));
  });
  await operation('token information', async () => {
    const client = new OAuth2Client();
    const {token} = await (await keyClient()).getAccessToken();
    assert.deepEqual((await client.getTokenInfo(token)).scopes, [SCOPE]);
  });
  await operation('revoked token', async () => {
    const user = await fileClient(process.env.USER_FILE);
    const {token} = await user.getAccessToken();
    await user.revokeToken(token);
    await assert.rejects(new OAuth2Client().getTokenInfo(token));
  });
}

async function iamCredentials() {
  const {IAMCredentialsClient} = require('@google-cloud/iam-credentials');
  // Over REST, the package ignores the proxy, but takes another endpoint.
  const local = {
    fallback: true, protocol: 'http', apiEndpoint: '127.0.0.1', port: Number(process.env.PORT),
  };
  for (const [transport, options] of Object.entries({gRPC: {}, REST: local})) {
    const client = new IAMCredentialsClient({keyFilename: KEY_FILE, ...options});
    const named = method => `${method}, ${transport}`;
    await operation(named('generateAccessToken'), async () => {
      const request = {name: name(SA2), scope: [SCOPE], lifetime: {seconds: 600}};
      const [response] = await client.generateAccessToken(request);
      assert.match(response.accessToken, /^ya29\./);
    });
    await operation(named('generateIdToken'), async () => {
      const request = {name: name(SA2), audience: AUDIENCE, includeEmail: true};
      const [response] = await client.generateIdToken(request);
      await belongsTo(SA2, response.token);
    });
    await operation(named('signBlob'), async () => {
      const request = {name: name(SA2), payload: Buffer.from('content')};
      const [response] = await client.signBlob(request);
      await isSignedBy(SA2, 'content', Buffer.from(response.signedBlob, 'base64'));
    });
    await operation(named('signJwt'), async () => {
      const [response] = await client.signJwt({name: name(SA2), payload: '{"sub":"visitor-1"}'});
      assert.deepEqual(await isSignedJwtOf(SA2, response.signedJwt), {sub: 'visitor-1'});
    });
    await operation(named('refusal'), async () => {
      const error = await client.generateAccessToken({name: name(SA3), scope: [SCOPE]})
          .then(() => assert.fail('not refused'), refusal => refusal);
      assert.match(error.message, /iam\.serviceAccounts\.getAccessToken/);
      if (transport === 'gRPC') { // Over REST, the package does not read the details.
        assert.equal(error.reason, 'IAM_PERMISSION_DENIED');
      }
    });
    await client.close();
  }
}

async function firebaseAdmin() {
  const {applicationDefault, cert, initializeApp} = require('firebase-admin/app');
  const {getAuth} = require('firebase-admin/auth');
  const {HttpsProxyAgent} = require('https-proxy-agent');
  const httpAgent = new HttpsProxyAgent(process.env.HTTPS_PROXY);

  const customToken = async (credential, app) => {
    const auth = getAuth(initializeApp({credential, httpAgent}, app));
    const claims = await isSignedJwtOf(SA1, await auth.createCustomToken('visitor-1'));
    assert.equal(claims.iss, SA1);
    assert.equal(claims.uid, 'visitor-1');
  };
  await operation('key file: access token', async () =>
      assert.match((await cert(KEY_FILE).getAccessToken()).access_token, /^ya29\./));
  await operation('metadata server: access token', async () =>
      assert.match((await applicationDefault().getAccessToken()).access_token, /^ya29\./));
  await operation('custom token, key file', async () => customToken(cert(KEY_FILE), 'key'));
  await operation('custom token, metadata server', async () =>
      customToken(applicationDefault(), 'machine'));
}

const packages = {
  'google-auth-library': googleAuthLibrary,
  '@google-cloud/iam-credentials': iamCredentials,
  'firebase-admin': firebaseAdmin,
};

packages[process.argv[2]]().then(() => process.exit(0));
