import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentActor } from "@/app/session";
import { returnPath } from "@/lib/auth/own-path";
import { env } from "@/lib/env";
import { toAppError } from "@/lib/errors";
import { EntryFrame } from "./entry-frame";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  searchParams: Promise<{ callbackUrl?: string | string[]; error?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { callbackUrl, error } = await searchParams;
  const returnTo = returnPath(callbackUrl);
  const known = await currentActor().catch((thrown) => toAppError(thrown));
  if (known && !(known instanceof Error)) redirect(returnTo);
  const { OIDC_ISSUER, OIDC_NAME } = env();
  const given = Array.isArray(error) ? error[0] : error;
  return (
    <EntryFrame
      title="Sign in"
      lead="Watch, keep and prove your audit database."
      foot="No account yet? An administrator makes one in Settings."
    >
      <SignInForm
        returnTo={returnTo}
        provider={OIDC_ISSUER ? OIDC_NAME : null}
        error={known instanceof Error ? "UNAVAILABLE" : (given ?? null)}
      />
    </EntryFrame>
  );
}
