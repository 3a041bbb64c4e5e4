"use client";

import { Award, Download } from "lucide-react";
import { useEffect } from "react";
import { Box } from "@/components/requests/box.tsx";
import { ofConsole, requestInput } from "@/components/requests/requests-input.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { downloadText } from "@/lib/client/download.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { bundleFile, bundleName } from "@/lib/requests/certificate/bundle-name.ts";
import type { RequestCertificate } from "@/lib/requests/certificate/get-certificates.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

/** The signed certificate and its supplements: each a file that verifies without this console. */
export function CertificatePanel({ request: { certificates, number } }: { request: RequestDetail }) {
  const bundles = useRead("requestCertificates", requestInput(number), { ...ofConsole, polled: false });
  const { refetch, data } = bundles;
  const missing = data !== undefined && data.length < certificates.length;
  // A supplement came while the page was open.
  useEffect(() => {
    if (missing) refetch();
  }, [missing, refetch]);
  return (
    <Box id="certificate" title="Certificate" unit="signed, without personal data">
      <ul className="grid">
        {certificates.map(({ n, signedAt, kid, sha256 }) => (
          <li
            key={n}
            className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-hairline py-2.5 text-sm first:border-t-0 first:pt-0"
          >
            <Award aria-hidden className="size-5 shrink-0 text-accent" />
            <div className="min-w-40 flex-1">
              <p className="font-medium">{bundleName(n)}</p>
              <p className="text-xs text-faint">
                {n > 1 && `document ${n}, `}signed <Time at={signedAt} show="moment" /> with key{" "}
                <code className="font-mono break-all">{kid}</code>
              </p>
            </div>
            <span className="flex min-w-0 items-center gap-1 text-xs text-faint">
              <code className="max-w-44 truncate font-mono" title={sha256}>
                SHA-256 {sha256}
              </code>
              <CopyButton text={sha256} label="Copy its SHA-256" />
            </span>
            <Button
              size="sm"
              icon={<Download />}
              disabled={!bundles.data?.some((each) => each.n === n)}
              onClick={() =>
                save(
                  number,
                  bundles.data?.find((each) => each.n === n),
                )
              }
            >
              Download
            </Button>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-muted">
        Check it anywhere: <code className="font-mono">audit-db privacy verify {bundleFile(number, 1)}</code>
      </p>
    </Box>
  );
}

function save(number: number, certificate: RequestCertificate | undefined) {
  if (certificate) downloadText(certificate.bundle, bundleFile(number, certificate.n), "application/json");
}
