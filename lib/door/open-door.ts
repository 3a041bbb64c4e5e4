import type { Server } from "node:http";
import { securityHeaders } from "../auth/content-security.ts";
import { secureCookies } from "../auth/session-cookie.ts";
import type { Logger } from "../log/log.ts";
import { guardServers } from "./guard-servers.ts";
import { hasLiveSession } from "./has-live-session.ts";
import { peekBody } from "./peek-body.ts";
import { refuseAction } from "./refuse-action.ts";
import { refuseAddress } from "./refuse-address.ts";
import { sendRefusal } from "./send-refusal.ts";

/**
 * Longer than what stands in front keeps an idle connection: nginx 60 s, Traefik and Go 90 s, Caddy and Node's agents
 * less, AWS 60 s, Google 600 s. Whoever closes first must be the one that sends, or a request meets a closed
 * connection: with Node's 5 s four of 30,000 did.
 */
const keepAliveMs = 620_000;

/**
 * What every request to this process passes first, whatever it asks for: answers carry the security headers, and what
 * nobody can mean, or a stranger may not make us read, is refused with its body unread. To be called before the
 * process listens.
 */
export function openDoor(logger: Logger): () => void {
  const headers = new Map(Object.entries(securityHeaders(secureCookies())));
  return guardServers(
    async (request, response) => {
      response.setHeaders(headers);
      const { method = "", url = "" } = request;
      const refused =
        refuseAddress(method, url) ??
        (await refuseAction(
          { method, url, headers: request.headers },
          {
            hasSession: () => hasLiveSession(request),
            readBody: (length) => peekBody(request, length),
          },
        ));
      if (refused) await sendRefusal(refused, request, response);
      return refused !== null;
    },
    { prepare, onError: (err) => logger.error({ err }, "the door failed") },
  );
}

function prepare(server: Server): void {
  server.keepAliveTimeout = keepAliveMs;
  // Nothing here speaks another protocol: a request to switch is an ordinary one, as RFC 9110 lets it be.
  server.removeAllListeners("upgrade");
}
