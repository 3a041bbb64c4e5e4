import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { z } from "zod";

/** `smtps://user:password@host:465` (TLS from the start) or `smtp://…:587` (TLS by STARTTLS, which must come). */
const smtpUrl = z
  .string()
  .regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
  .refine(
    (text) => URL.canParse(text) && new URL(text).hostname !== "",
    "cannot be read: smtp://[user:password@]host[:587]; escape special characters in the password with %XX",
  );

const destinations = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ""))
  .refine(
    (all) => all.every(isDestination),
    "must be host names, addresses or networks such as 10.1.0.0/16, with commas between them",
  );

function isDestination(text: string): boolean {
  if (text.includes("/")) return ipaddr.isValidCIDR(text);
  return isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text);
}

/** Where alerts are sent, and by which mail server. */
export const notificationVariables = {
  SMTP_URL: smtpUrl
    .optional()
    .describe(
      "The mail server of e-mail channels that name none of their own: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS. Plain text is refused unless the host stands in `ALERT_DESTINATIONS_ALLOWED`.",
    ),
  SMTP_FROM: z
    .string()
    .max(320)
    .optional()
    .describe("Who those mails come from, e.g. `Audit console <audit@example.org>`."),
  ALERT_DESTINATIONS_ALLOWED: destinations
    .optional()
    .describe(
      "Hosts and networks (`alertmanager.internal,10.1.0.0/16`) that alerts may be sent to although they are private, and without TLS. All other private, loopback and link-local destinations are refused, whatever name leads there.",
    ),
};
