import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { requirePageActor } from "@/app/session";
import { privacyInputs } from "@/components/privacy/privacy-input";
import { PrivacyView } from "@/components/privacy/privacy-view";
import { openRequestsInput } from "@/components/requests/requests-input";
import { can } from "@/lib/auth/roles";

export const metadata: Metadata = { title: "Privacy" };

interface PrivacyPageProps {
  params: Promise<{ target: string }>;
}

export default async function PrivacyPage({ params }: PrivacyPageProps) {
  const [{ target }, actor] = await Promise.all([params, requirePageActor()]);
  const officer = can(actor.role, "privacy_officer");
  return officer ? (
    <Prefetch
      target={target}
      reads={[
        ["erasures", privacyInputs.erasures],
        ["ledger", privacyInputs.ledger],
      ]}
    >
      <Prefetch
        target=""
        reads={[
          ["requests", openRequestsInput],
          ["holds", privacyInputs.holds],
          ["holdCounts", {}],
        ]}
      >
        <PrivacyView />
      </Prefetch>
    </Prefetch>
  ) : (
    <Prefetch
      target=""
      reads={[
        ["requestCounts", {}],
        ["holdCounts", {}],
      ]}
    >
      <PrivacyView />
    </Prefetch>
  );
}
