import type { Command } from "commander";
import { closeTargets } from "../audit-db/registry.ts";
import type { Env } from "../env/parse.ts";
import type { Target } from "../env/targets.ts";
import { AppError } from "../errors.ts";
import type { Runtime } from "../start/supervisor/runtime.ts";
import { loadEnvironment } from "./environment.ts";
import { createOutput, type Output } from "./output/output.ts";

/** What a command is given. */
export interface CliContext {
  out: Output;
  env: Env;
  runtime: Runtime | null;
  /** `--target`, as typed. */
  targetName: string | undefined;
  /** Does this when the command has ended, however it did. */
  atEnd(close: () => Promise<void>): void;
}

/** A command's work; what it answers is the exit status (0 when nothing). */
export type Work<Options> = (
  context: CliContext,
  options: Options,
  args: string[],
) => Promise<number | undefined> | Promise<void>;

/** An action for commander: loads the environment, does the work, closes every connection, sets the exit status. */
export function action<Options>(work: Work<Options>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals() as Options & { json?: boolean; target?: string };
    const out = createOutput(options.json === true);
    const closing: (() => Promise<void>)[] = [closeTargets];
    try {
      const atEnd = (close: () => Promise<void>) => closing.push(close);
      const context: CliContext = { ...loadEnvironment(), out, targetName: options.target, atEnd };
      process.exitCode = (await work(context, options, command.args)) ?? 0;
    } finally {
      await Promise.all(closing.map((close) => close()));
    }
  };
}

/**
 * The target a command is about: the one of `--target`, or the only one there is.
 * @throws AppError NOT_FOUND, BAD_INPUT when several are configured and none was named.
 */
export function oneTarget({ env, targetName }: CliContext): Target {
  const names = env.targets.map((target) => target.name).join(", ");
  if (targetName !== undefined) {
    const target = env.targets.find(({ name }) => name === targetName);
    if (target) return target;
    throw new AppError("NOT_FOUND", `There is no target named "${targetName}".`, {
      hint: names ? `There are: ${names}.` : noTargets,
    });
  }
  const [only, second] = env.targets;
  if (!only) throw new AppError("NOT_FOUND", "There is no target.", { hint: noTargets });
  if (second)
    throw new AppError("BAD_INPUT", "Several targets are configured.", {
      hint: `Add --target NAME, one of ${names}.`,
    });
  return only;
}

/** Every target, or the one of `--target`. @throws AppError NOT_FOUND */
export function someTargets(context: CliContext): Target[] {
  if (context.targetName !== undefined) return [oneTarget(context)];
  if (context.env.targets.length === 0)
    throw new AppError("NOT_FOUND", "There is no target.", { hint: noTargets });
  return context.env.targets;
}

const noTargets =
  "Set AUDIT_DATABASE_URL, give --url where the command takes it, or start the demo with `npm start`.";
