import { openSecondProcess } from "./second-process.ts";

/** Has every process of the world ask the server anew, of what it keeps for minutes too. @param topics beginnings of statements' names */
export async function forgetAnswers(...topics: string[]): Promise<void> {
  const other = await openSecondProcess();
  try {
    await other.engine.dropAnswers({ tags: topics });
  } finally {
    await other.close();
  }
}
