import { Command } from "commander";
import { getTokens } from "../../accounts/get-tokens.ts";
import { systemActor } from "../../auth/actor.ts";
import { type TokenScope, tokenScopes } from "../../auth/tokens.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext } from "../command.ts";
import { timeText } from "../output/format.ts";
import { runVerb } from "../verbs/run-verb.ts";

export function tokenCommand(): Command {
  const command = new Command("token").description("tokens for the API");
  command
    .command("create <name>")
    .description("make a token and show its secret once (--target limits it to one target)")
    .option("--scope <scope...>", `what it may do: ${Object.keys(tokenScopes).join(", ")}`, ["read"])
    .option("--expires-in-days <days>", "1 to 366", "90")
    .action(
      action<{ scope: TokenScope[]; expiresInDays: string }>(async (context, options, [name = ""]) => {
        const { out, targetName } = context;
        const token = await runVerb(context, "createToken", {
          name,
          scopes: options.scope,
          expiresInDays: options.expiresInDays,
          ...(targetName && { targets: [targetName] }),
        });
        out.document(token);
        out.line(`Token "${token.name}" (${token.id}), valid until ${timeText(token.expiresAt)}:`);
        out.line(`\n  ${token.secret}\n`);
        out.line("This is the only time it is shown. Send it as: Authorization: Bearer TOKEN");
      }),
    );
  command
    .command("list")
    .description("every token, without its secret")
    .action(
      action(async (context) => {
        const { out } = context;
        const tokens = await listTokens(context);
        out.document(tokens);
        out.table(
          ["id", "name", "begins", "scopes", "targets", "expires", "last used", "state"],
          tokens.map((t) => [
            t.id,
            t.name,
            t.prefix,
            t.scopes.join(", "),
            t.targets?.join(", ") ?? "all",
            timeText(t.expiresAt),
            timeText(t.lastUsedAt),
            t.state,
          ]),
        );
      }),
    );
  command
    .command("revoke <token>")
    .description("end a token for good; by its id, or the beginning that `list` shows")
    .action(
      action(async (context, _options, [which = ""]) => {
        const found = (await listTokens(context)).filter((t) => t.id === which || t.prefix === which);
        const [token] = found;
        if (!token || found.length > 1)
          throw new AppError("NOT_FOUND", "There is no one token of that id or beginning.", {
            hint: "See `audit-db token list`.",
          });
        await runVerb(context, "revokeToken", { tokenId: token.id });
        context.out.document({ id: token.id, name: token.name, revoked: true });
        context.out.line(`Token "${token.name}" (${token.id}) is revoked.`);
      }),
    );
  return command;
}

function listTokens({ atEnd }: CliContext) {
  atEnd(closeConsoleDb);
  return getTokens(consoleDb(), systemActor("command line"), new Date());
}
