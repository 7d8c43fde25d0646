// Swagger UI, under the policy that the page comes with.

import { api, check, journey } from '../harness.mjs';

await journey(async ({ page, shot }) => {
    await page.goto(`${api}/docs`);
    await page.getByText('/auth/login').first().waitFor();
    const documented = await (await fetch(`${api}/docs/openapi.json`)).json();
    const operations = Object.values(documented.paths).flatMap(Object.keys).length;
    check('operations shown', await page.locator('.opblock').count(), operations);
    await shot('swagger-ui');
});
