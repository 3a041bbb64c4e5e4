import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export interface OidcAccount {
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/** A certified OpenID Connect provider of the tests' own; its login page takes any password for a known subject. */
export interface OidcServer {
  issuer: string;
  close(): Promise<void>;
}

/**
 * Starts a provider on a free port (or `port`) with one confidential client: authorization code only, PKCE
 * demanded, e-mail and name in the userinfo answer as with most providers.
 */
export async function startOidcProvider(options: {
  port?: number;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  /** Subject, typed as the login's name → claims. */
  accounts: Record<string, OidcAccount>;
}): Promise<OidcServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: [options.redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    cookies: { keys: ["test"] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) => {
      const account = options.accounts[id];
      return account && { accountId: id, claims: () => ({ sub: id, ...account }) };
    },
  });
  server.on("request", provider.callback());
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
