import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { thrownProblem } from "@/lib/api/problem";
import { readSmallBody } from "@/lib/api/read-small-body";
import { createAuthOptions } from "@/lib/auth/auth-options";
import { clientAddress } from "@/lib/auth/client-address";
import { consoleDb } from "@/lib/db/console-db";
import { limitLines } from "@/lib/log/log-limit";
import { processLogger } from "@/lib/log/process-logger";

// Strangers cause its lines.
const logger = limitLines(processLogger().child({ module: "auth" }));

async function handle(
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  const cookies: string[] = [];
  const options = createAuthOptions({
    console: consoleDb(),
    ip: clientAddress(request.headers),
    userAgent: request.headers.get("user-agent"),
    cookies: request.cookies.getAll(),
    setCookie: (line) => cookies.push(line),
    logger,
  });
  const answer: Response = await NextAuth(request, context, options);
  for (const line of cookies) answer.headers.append("set-cookie", line);
  return answer;
}

/** next-auth reads a body of any size, from anybody. */
async function handleBody(...[request, context]: Parameters<typeof handle>): Promise<Response> {
  try {
    const body = await readSmallBody(request);
    const { url, method, headers } = request;
    return await handle(new NextRequest(url, { method, headers, body }), context);
  } catch (thrown) {
    return thrownProblem(thrown, { door: "sign-in" });
  }
}

export { handle as GET, handleBody as POST };
