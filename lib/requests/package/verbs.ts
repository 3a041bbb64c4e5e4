import { createPackageLink } from "./create-package-link.ts";
import { remakePackage } from "./remake-package.ts";
import { revealOthers } from "./reveal-others.ts";
import { showPackagePassphrase } from "./show-package-passphrase.ts";

export const packageVerbs = { createPackageLink, remakePackage, revealOthers, showPackagePassphrase };
