import { hostname } from "node:os";
import { Command } from "commander";
import { endSession } from "../../auth/end-session.ts";
import { roleNames } from "../../auth/roles.ts";
import { signInWithPassword } from "../../auth/sign-in.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { assertSchemaKnown } from "../../db/schema-version.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext } from "../command.ts";
import { ask } from "../input/ask.ts";
import { readPerson } from "./read-person.ts";
import { readSignIn, removeSignIn, signInFile, writeSignIn } from "./sign-in-file.ts";

export function loginCommand(): Command {
  return new Command("login")
    .argument("[email]")
    .description("sign in as a person, for what needs one; asks for the password")
    .action(action(login));
}

export function logoutCommand(): Command {
  return new Command("logout").description("end that sign-in").action(action(logout));
}

export function whoamiCommand(): Command {
  return new Command("whoami")
    .description("for whom the command line acts where a person is needed")
    .action(action(tellPerson));
}

const targetsOf = ({ env }: CliContext) => env.targets.map(({ name }) => name);
const without = "Set AUDIT_DB_TOKEN to a token of yours instead.";

async function login(context: CliContext, _options: unknown, [given]: string[]): Promise<void> {
  context.atEnd(closeConsoleDb);
  await assertSchemaKnown(consoleDb().sql);
  const email = given ?? (await ask("E-mail: ", { without }));
  const password = await ask(`Password of ${email}: `, { hidden: true, without });
  const { sessionId } = await signInWithPassword(
    { console: consoleDb(), auditTargets: targetsOf(context) },
    { email, password, ip: null, userAgent: `audit-db on ${hostname()}`, commandLine: true },
  );
  const last = readSignIn();
  if (last) await endSession(consoleDb(), last.sessionId, targetsOf(context));
  writeSignIn({ sessionId, email: email.trim().toLowerCase() });
  context.out.document({ email, file: signInFile() });
  context.out.line(`Signed in as ${email}. \`audit-db logout\` ends it.`);
}

async function logout(context: CliContext): Promise<void> {
  context.atEnd(closeConsoleDb);
  const signIn = readSignIn();
  if (signIn) await endSession(consoleDb(), signIn.sessionId, targetsOf(context));
  removeSignIn();
  context.out.document({ email: signIn?.email ?? null });
  context.out.line(signIn ? `Signed out ${signIn.email}.` : "Nobody was signed in here.");
}

async function tellPerson(context: CliContext): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const actor = await readPerson();
  if (!actor)
    throw new AppError("UNAUTHENTICATED", "Nobody is signed in here, and AUDIT_DB_TOKEN is not set.", {
      hint: "Run `audit-db login`.",
    });
  const { person, role, kind, name, targets } = actor;
  out.document({ email: person?.email ?? null, role, token: kind === "token" ? name : null, targets });
  const by = kind === "token" ? `the token "${name}"` : "a sign-in";
  out.line(
    `${person?.email ?? "Nobody: the token was made on the command line"}, ${roleNames[role]}, by ${by}.`,
  );
}
