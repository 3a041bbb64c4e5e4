import { z } from "zod";
import { textInput, trimmedInput } from "../inputs.ts";
import type { ChannelKind } from "./kinds.ts";

const url = (path: "bare" | "any" = "any") =>
  trimmedInput(2_000)
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      "must be an https:// address",
    )
    .refine((text) => {
      if (!URL.canParse(text)) return true;
      const { username, password } = new URL(text);
      return username === "" && password === "";
    }, "must hold no user and no password: give them as the channel's secret")
    .refine(
      (text) =>
        path === "any" || !URL.canParse(text) || (new URL(text).search === "" && new URL(text).hash === ""),
      "must be an address without ? and #",
    );

/** Line breaks would begin another header. */
const mailAddress = trimmedInput(320).pipe(
  z.email({ error: "must be an e-mail address", pattern: /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/ }),
);
const hostName = trimmedInput(253).regex(/^[\w.:-]+$/, "must be a host name or an address");
const key = textInput(200);

/** What each kind is set to, and what of it is secret. Secrets are written and never read back. */
export const channelForms = {
  email: {
    config: z.strictObject({
      to: z.array(mailAddress).min(1, "needs at least one address").max(50),
      /** Null: the mail server of SMTP_URL. */
      server: z
        .strictObject({
          host: hostName,
          port: z.coerce.number().int().min(1).max(65_535).default(587),
          /** `starttls` is insisted on; `none` only where ALERT_DESTINATIONS_ALLOWED names the host. */
          security: z.enum(["starttls", "tls", "none"]).default("starttls"),
          user: trimmedInput(200).nullable().default(null),
          from: mailAddress,
        })
        .nullable()
        .default(null),
    }),
    secret: z.strictObject({ password: key.optional() }),
  },
  webhook: {
    config: z.strictObject({ url: url() }),
    secret: z.strictObject({
      /** `whsec_` and base64 of 24 to 64 bytes; made here unless given. */
      key: z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, "must be whsec_ and base64 of 24 to 64 bytes")
        .optional(),
    }),
  },
  slack: {
    config: z.strictObject({}),
    secret: z.strictObject({ url: url().optional() }),
  },
  teams: {
    config: z.strictObject({}),
    secret: z.strictObject({ url: url().optional() }),
  },
  pagerduty: {
    config: z.strictObject({ baseUrl: url("bare").default("https://events.pagerduty.com") }),
    secret: z.strictObject({
      routingKey: z
        .string()
        .regex(/^[A-Za-z0-9]{32}$/, "must be an integration key: 32 letters and digits")
        .optional(),
    }),
  },
  alertmanager: {
    config: z.strictObject({ url: url("bare"), user: trimmedInput(200).nullable().default(null) }),
    /** A password where `user` is set, else a bearer token. */
    secret: z.strictObject({ password: key.optional() }),
  },
} as const satisfies Record<ChannelKind, { config: z.ZodType; secret: z.ZodType }>;

export type ChannelConfig<K extends ChannelKind> = z.output<(typeof channelForms)[K]["config"]>;

/** What is kept wrapped of a channel. */
export interface ChannelSecret {
  password?: string;
  url?: string;
  routingKey?: string;
  key?: string;
  /** The key before, which signs as well until then. */
  keyBefore?: { key: string; until: string };
}

/** What a kind cannot do without. */
export const neededSecret: Record<ChannelKind, keyof ChannelSecret | null> = {
  email: null,
  webhook: "key",
  slack: "url",
  teams: "url",
  pagerduty: "routingKey",
  alertmanager: null,
};

/** Everything in it that no answer and no message may show. */
export function secretTexts({
  password,
  url: address,
  routingKey,
  key: signing,
  keyBefore,
}: ChannelSecret): string[] {
  const path = address && URL.canParse(address) ? new URL(address).pathname : undefined;
  const bare = [signing, keyBefore?.key].flatMap((one) => (one ? [one, one.replace("whsec_", "")] : []));
  return [password, address, path, routingKey, ...bare].filter(
    (text) => text !== undefined && text.length > 3,
  ) as string[];
}
