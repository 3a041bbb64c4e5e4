import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { Certificates } from "./certificates.ts";

export interface MailServer {
  port: number;
  /** What came, each with its envelope. */
  mails: { from: string; to: string[]; user: string | null; secure: boolean; text: string }[];
  close(): Promise<void>;
}

/** A real SMTP server on loopback that knows one user, `audit` with the password `very secret`. */
export async function startMailServer(
  certificates: Certificates | null,
  options: SMTPServerOptions = {},
): Promise<MailServer> {
  const mails: MailServer["mails"] = [];
  const server = new SMTPServer({
    ...(certificates && {
      key: readFileSync(certificates.server.key),
      cert: readFileSync(certificates.server.cert),
    }),
    ...(!certificates && { disabledCommands: ["STARTTLS"] }),
    authOptional: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === "audit" && password === "very secret") done(null, { user: username });
      else done(new Error(`no entry for ${username} with ${password}`));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          user: session.user ?? null,
          secure: session.secure,
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
