import { redirect } from "next/navigation";
import { env } from "@/lib/env";
import { requirePageActor } from "./session";

/** The start page: the first target's overview. */
export default async function StartPage() {
  await requirePageActor("viewer", "/");
  const first = env().targets[0];
  redirect(first ? `/${first.name}/overview` : "/settings");
}
