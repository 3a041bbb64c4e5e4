"use client";

import { Checkbox } from "@/components/ui/checkbox.tsx";
import { SelectField, TextAreaField, TextField } from "@/components/ui/fields.tsx";
import { type ChannelDraft, pagerdutyUrl } from "./channel-draft.ts";

interface FieldsProps {
  draft: ChannelDraft;
  /** Since when a secret is kept for it. */
  kept: Date | null;
  mailServer: boolean;
  problemAt: (path: string) => { problem?: string };
  onChange: (change: Partial<ChannelDraft>) => void;
}

type TextName = "host" | "port" | "user" | "from" | "url";

/** Where each field stands in the verb's input, by kind of channel. */
const paths: Record<TextName | "to" | "secret", readonly string[]> = {
  host: ["config.server.host"],
  port: ["config.server.port"],
  user: ["config.server.user", "config.user"],
  from: ["config.server.from"],
  url: ["config.url", "config.baseUrl"],
  to: ["config.to"],
  secret: ["secret.url", "secret.routingKey", "secret.password", "secret"],
};
/** At which problems are shown. */
export const channelPaths = ["name", ...Object.values(paths).flat()];

/** What a kind of channel is set to. */
export function ChannelFields({ draft, kept, mailServer, problemAt, onChange }: FieldsProps) {
  const told = (name: keyof typeof paths) => paths[name].map(problemAt).find(({ problem }) => problem) ?? {};
  const text = (name: TextName, label: string, hint?: string, placeholder?: string) => (
    <TextField
      label={label}
      hint={hint}
      {...told(name)}
      value={draft[name]}
      placeholder={placeholder}
      spellCheck={false}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  const secret = (label: string, hint: string) => (
    <TextField
      label={label}
      hint={kept ? `One is kept. Leave empty to keep it. ${hint}` : hint}
      {...told("secret")}
      type="password"
      value={draft.secret}
      placeholder={kept ? "as it is" : ""}
      autoComplete="new-password"
      spellCheck={false}
      onChange={(secret) => onChange({ secret })}
    />
  );
  switch (draft.kind) {
    case "email":
      return (
        <>
          <TextAreaField
            label="To"
            hint="One address a line; all of them get each mail."
            {...told("to")}
            value={draft.to}
            rows={2}
            spellCheck={false}
            onChange={(to) => onChange({ to })}
          />
          {mailServer ? (
            <Checkbox
              label="A mail server of its own"
              checked={draft.ownServer}
              onChange={(ownServer) => onChange({ ownServer })}
            />
          ) : (
            <p className="text-sm text-muted">SMTP_URL is not set, so the channel names its mail server.</p>
          )}
          {draft.ownServer && (
            <div className="grid gap-4 sm:grid-cols-2">
              {text("host", "Mail server")}
              <div className="grid grid-cols-[6rem_1fr] gap-3">
                {text("port", "Port")}
                <SelectField
                  label="Encryption"
                  value={draft.security}
                  onChange={(security) => onChange({ security, port: security === "tls" ? "465" : "587" })}
                  options={[
                    ["starttls", "STARTTLS"],
                    ["tls", "TLS"],
                    ["none", "none"],
                  ]}
                />
              </div>
              {text("from", "From", "An address the server may send from.")}
              {text("user", "User", "Empty: without sign-in.")}
              {secret("Password", "It is never shown again.")}
            </div>
          )}
        </>
      );
    case "webhook":
      return (
        <>
          {text("url", "Address", "Messages are signed by Standard Webhooks.", "https://…")}
          {kept ? (
            <Checkbox
              label="Make a new signing key; the one before signs as well for 24 hours"
              checked={draft.renewKey}
              onChange={(renewKey) => onChange({ renewKey })}
            />
          ) : (
            <p className="text-sm text-muted">Its signing key is made and shown once.</p>
          )}
        </>
      );
    case "slack":
      return secret(
        "Webhook address",
        "An incoming webhook of Slack or Mattermost: https://hooks.slack.com/services/…",
      );
    case "teams":
      return secret(
        "Workflow address",
        "Of the workflow “Post to a channel when a webhook request is received”.",
      );
    case "pagerduty":
      return (
        <>
          {secret("Integration key", "Of an Events API v2 integration: 32 letters and digits.")}
          {text("url", "Address", "Another only for the EU service region.", pagerdutyUrl)}
        </>
      );
    case "alertmanager":
      return (
        <>
          {text(
            "url",
            "Address",
            "Without /api/v2. Each incident is an alert there; routing is its own.",
            "https://…",
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            {text("user", "User", "Empty with a token, or without sign-in.")}
            {secret("Password or token", "It is never shown again.")}
          </div>
        </>
      );
  }
}
