import { expect, type Locator, type Page } from "@playwright/test";

/** Presses Tab until the element has the focus; fails when it cannot be reached that way. */
export async function tabTo(page: Page, wanted: Locator, most = 80): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  expect(await focused(page), "reached by Tab").toBe(await wanted.evaluate(String));
}

/** What has the focus, and whether one can see that it has. */
export function focused(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      name: element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 60) ?? "",
      tag: element.tagName,
      ring: (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== "none",
      onScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < window.innerHeight,
    };
  });
}

/** Goes to a button with Tab, sees that it shows its focus, and presses it. */
export async function pressButton(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  await tabTo(page, button);
  expect(await focused(page)).toMatchObject({ ring: true, onScreen: true });
  await page.keyboard.press("Enter");
}

/** Types into the command palette and takes what it finds first. */
export async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search" });
  await expect(search).toBeFocused();
  await page.keyboard.type(words);
  await expect(page.getByRole("option", { selected: true })).toContainText(words, { ignoreCase: true });
  await page.keyboard.press("Enter");
  await expect(search).toHaveCount(0);
}
