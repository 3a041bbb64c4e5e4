import { Command, Option } from "commander";
import { getUsers } from "../../accounts/get-users.ts";
import { roles } from "../../auth/roles.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import type { Role } from "../../env/sign-in-variables.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext } from "../command.ts";
import { timeText } from "../output/format.ts";
import { runVerb } from "../verbs/run-verb.ts";

export function userCommand(): Command {
  const command = new Command("user").description("people who may sign in");
  command
    .command("create <email>")
    .description("make an account and show its one-time password")
    .option("--name <name>", "what people call them (default: the address)")
    .addOption(new Option("--role <role>", "what they may do").choices(roles).default("viewer"))
    .action(
      action<{ name?: string; role: Role }>(async (context, { name, role }, [email = ""]) => {
        const user = await runVerb(context, "createUser", { email, name: name ?? email, role });
        context.out.document(user);
        context.out.line(
          `${user.email} can sign in with this one-time password:\n\n  ${user.oneTimePassword}\n`,
        );
        context.out.line("It is shown once and must be changed at the first sign-in.");
      }),
    );
  command
    .command("list")
    .description("every account")
    .action(
      action(async (context) => {
        const { out } = context;
        const users = await listUsers(context);
        out.document(users);
        out.table(
          ["e-mail", "name", "role", "since", "state"],
          users.map((u) => [u.email, u.name, u.role, timeText(u.createdAt), stateOf(u)]),
        );
      }),
    );
  command
    .command("reset-password <email>")
    .description("give a user a new one-time password; ends their sessions and lifts a lock-out")
    .action(
      action(async (context, _options, [email = ""]) => {
        const user = (await listUsers(context)).find((u) => u.email === email.trim().toLowerCase());
        if (!user)
          throw new AppError("NOT_FOUND", `There is no account for ${email}.`, {
            hint: "See `audit-db user list`.",
          });
        const reset = await runVerb(context, "resetPassword", { userId: user.id });
        context.out.document(reset);
        context.out.line(
          `${reset.email} can sign in with this one-time password:\n\n  ${reset.oneTimePassword}\n`,
        );
        context.out.line(
          "Their sessions have ended. It is shown once and must be changed at the next sign-in.",
        );
      }),
    );
  return command;
}

function listUsers({ atEnd }: CliContext) {
  atEnd(closeConsoleDb);
  return getUsers(consoleDb(), new Date());
}

function stateOf(user: { disabledAt: Date | null; mustChangePassword: boolean }): string {
  if (user.disabledAt) return "disabled";
  return user.mustChangePassword ? "has a one-time password" : "active";
}
