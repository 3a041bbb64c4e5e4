import type { Profile } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { env } from "../../env.ts";

type Claims = Profile & { sub: string; auth_time?: number };

/** The configured OpenID Connect provider, by the code flow with PKCE; null without one. */
export function oidcProvider(): OAuthConfig<Profile & { sub: string; email?: string; name?: string }> | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env();
  if (!OIDC_ISSUER) return null;
  return {
    id: "oidc",
    name: OIDC_NAME,
    type: "oauth",
    wellKnown: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
    ...(OIDC_CLIENT_ID && { clientId: OIDC_CLIENT_ID }),
    ...(OIDC_CLIENT_SECRET && { clientSecret: OIDC_CLIENT_SECRET }),
    authorization: { params: { scope: "openid email profile" } },
    checks: ["pkce", "state", "nonce"],
    idToken: true,
    userinfo: {
      // With the code flow many providers put e-mail and name only there, not into the ID token.
      async request({ client, tokens }) {
        // It is openid-client's TokenSet, whatever the type says.
        const claims = (tokens as unknown as { claims(): Claims }).claims();
        if (!client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims;
        const info = await client.userinfo(tokens.access_token);
        if (info.sub !== claims.sub) throw new Error("userinfo speaks of somebody else than the ID token");
        return { ...claims, ...info, auth_time: claims.auth_time };
      },
    },
    profile: (profile) => ({ id: profile.sub, email: profile.email ?? null, name: profile.name ?? null }),
  };
}
