import type { CredentialsConfig } from "next-auth/providers/credentials";
import { answerError } from "../../answer-error.ts";
import { deviceCookie } from "../known-device.ts";
import { signInWithPassword } from "../sign-in.ts";
import type { AuthFlow } from "./auth-flow.ts";

/** E-mail and password, checked by `signInWithPassword`. */
export function passwordProvider(flow: AuthFlow): CredentialsConfig {
  const { request, auditTargets } = flow;
  const { console, ip, userAgent, cookies } = request;
  return {
    id: "credentials",
    name: "Password",
    type: "credentials",
    credentials: {},
    async authorize(given: Record<string, string> | undefined) {
      try {
        flow.signedIn = await signInWithPassword(
          { console, auditTargets },
          {
            email: String(given?.email ?? "").slice(0, 254),
            password: String(given?.password ?? ""),
            ip,
            userAgent,
            cookies,
          },
        );
        request.setCookie(await deviceCookie(flow.signedIn.userId));
        return { id: flow.signedIn.userId };
      } catch (thrown) {
        // next-auth passes this text on as the page's `error`: codes only.
        throw new Error(answerError(thrown, { door: "sign-in" }, request.logger).code);
      }
    },
  };
}
