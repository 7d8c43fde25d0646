// examples/web from registering to signing out, on another origin than the API: the refresh token is in a cookie that no
// script sees, and sessions last through reloads, expired tokens and two tabs at once.

import { once } from 'node:events';
import { createServer } from 'node:http';

import { adminPassword, api, call, check, front, journey, linkIn, mail, serve, until } from '../harness.mjs';

const EMAIL = 'grace@example.com';
const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'a password nobody else knows';
const COOKIE = '__Secure-usher_refresh';

await serve('examples/web/serve.mjs');
await journey(async ({ context, page, shot, errors }) => {
    const heading = (name, of = page) => of.getByRole('heading', { name, level: 1 }).waitFor();
    const field = (label) => page.locator('section:not([hidden])').getByLabel(label);
    const cookie = async () => (await context.cookies(api + '/auth')).find(({ name }) => name === COOKIE);
    // How often tokens were refreshed, in all tabs, and with which status.
    const refreshes = [];
    context.on('response', (answer) => {
        if (answer.url() === `${api}/auth/refresh` && answer.request().method() === 'POST') refreshes.push(answer.status());
    });

    // Register, and read the mail.
    await page.goto(front);
    await heading('Sign in');
    await page.keyboard.press('Tab');
    check('the keyboard reaches the first field', await page.evaluate(() => document.activeElement.name), 'name');
    await shot('sign-in');
    await page.getByRole('button', { name: 'Register' }).click();
    await field('Name').fill('Grace Hopper');
    await field('E-mail address').fill(EMAIL);
    await field('Password').fill('password');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('alert').filter({ hasText: /password/ }).waitFor();
    await shot('register-refused');
    await field('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Register' }).click();
    await heading('Look into your mailbox');
    await shot('mailed');
    const link = linkIn(await mail(EMAIL));
    check('where the link leads', link.startsWith(`${front}/confirm-registration#token=`));

    // Confirm, with a wrong password first.
    await page.goto(link);
    await heading('Confirm your registration');
    check('what is left of the link', page.url(), `${front}/`);
    await field('Password').fill('not the password');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    await shot('confirm-refused');
    await field('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await heading('Hello, Grace Hopper');
    await page.getByText('This device').waitFor();
    await shot('account');

    // Where the tokens are.
    const { httpOnly, secure, sameSite, path, domain, value } = await cookie();
    check('the cookie', { httpOnly, secure, sameSite, path, domain },
        { httpOnly: true, secure: true, sameSite: 'Lax', path: '/auth', domain: 'localhost' });
    const nothing = async () => {
        const seen = await page.evaluate(async () => ({
            cookie: document.cookie,
            local: { ...localStorage },
            session: { ...sessionStorage },
            databases: await indexedDB.databases(),
            address: location.href,
        }));
        check('what scripts find', seen, {
            cookie: '', local: { 'usher-signed-in': 'yes' }, session: {}, databases: [], address: `${front}/`,
        });
    };
    await nothing();

    // A reload forgets the access token; the cookie gives another.
    await page.reload();
    await heading('Hello, Grace Hopper');
    check('a reload refreshes', refreshes, [200]);
    check('the cookie has moved on', (await cookie()).value !== value);

    // An access token that the API takes no more: replaced without a word.
    let spoilt = 0;
    await page.route(`${api}/users/me/sessions`, async (route, request) => {
        const headers = { ...request.headers() };
        if (headers.authorization && (spoilt += 1) === 1) headers.authorization += 'x';
        await route.continue({ headers });
    });
    const elsewhere = await call('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
    await page.reload();
    await page.getByRole('button', { name: /^End the session/ }).waitFor();
    check('a refused access token was replaced', { spoilt, refreshes }, { spoilt: 2, refreshes: [200, 200, 200] });
    await page.unroute(`${api}/users/me/sessions`);
    await shot('two-sessions');

    // End the other session: the one that a program opened, with JSON.
    await page.getByRole('button', { name: /^End the session/ }).click();
    await page.getByRole('status').filter({ hasText: 'has ended' }).waitFor();
    const body = { refresh_token: elsewhere.body.refresh_token };
    check('the other session', (await call('POST', '/auth/refresh', { body })).body.code, 'session_ended');

    // Two tabs, again and again at the same time.
    const second = await context.newPage();
    await second.goto(front);
    await heading('Hello, Grace Hopper', second);
    for (let round = 0; round < 3; round += 1) {
        await Promise.all([page.reload(), second.reload()]);
        await Promise.all([heading('Hello, Grace Hopper'), heading('Hello, Grace Hopper', second)]);
    }
    check('two tabs that refresh at once', refreshes.slice(3), Array(7).fill(200));

    // Shortly before the token expires the page refreshes by itself: its clock is turned.
    const later = await context.newPage();
    await later.clock.install();
    await later.goto(front);
    await heading('Hello, Grace Hopper', later);
    const before = refreshes.length;
    await later.clock.fastForward('14:00');
    check('nothing happens too early', refreshes.length, before);
    await later.clock.fastForward('00:40');
    await until('the refresh before the token expires', () => refreshes.length > before);
    await later.close();

    // A page of another origin on the same site, with the cookie in its requests: refused, and nothing has changed.
    const foreign = await context.newPage();
    const neighbour = createServer((_, response) => response.end('')).listen(0, '127.0.0.1').unref();
    await once(neighbour, 'listening');
    await foreign.goto(`http://localhost:${neighbour.address().port}/`);
    const sent = foreign.waitForResponse(`${api}/auth/logout`);
    await foreign.evaluate((url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }), `${api}/auth/logout`);
    const answer = await sent;
    // Without the cookie it would be 401.
    check('a foreign page signs out, with the cookie', answer.status(), 403);
    const refused = await foreign.evaluate(
        (url) => fetch(url, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })
            .then(() => 'answered', () => 'not let through'),
        `${api}/auth/refresh`,
    );
    check('a foreign page refreshes', refused, 'not let through');
    await foreign.close();
    neighbour.close();
    const cors = errors.splice(0);
    check('only its own errors', cors.every((line) => /blocked by CORS policy|net::ERR_FAILED/.test(line)));

    // On a telephone, in the dark.
    await page.reload();
    await heading('Hello, Grace Hopper');
    await nothing();
    await page.setViewportSize({ width: 375, height: 720 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('account-dark-narrow');

    // Sign out: both tabs are out, the cookie is gone, and what it was is worth nothing.
    const last = (await cookie()).value;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('status').filter({ hasText: 'signed out' }).waitFor();
    await shot('signed-out-dark-narrow');
    await heading('Sign in', second);
    check('the cookie after signing out', (await cookie()) ?? null, null);
    const headers = { cookie: `${COOKIE}=${last}`, origin: front };
    check('the cookie that was', (await call('POST', '/auth/refresh', { body: {}, headers })).body.code, 'session_ended');
    const again = await page.evaluate(
        (url) => fetch(url, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })
            .then((reply) => reply.status),
        `${api}/auth/refresh`,
    );
    check('a refresh without it', again, 422);

    // A forgotten password: the same words for an address that nobody has, the mailed link, a password that is refused, a
    // new one; the old one is worth nothing then.
    const forgot = async (address) => {
        await page.getByRole('button', { name: 'Forgot your password?' }).click();
        await heading('Forgot your password?');
        await field('E-mail address').fill(address);
        await page.getByRole('button', { name: 'Send the link' }).click();
        await heading('Look into your mailbox');
        return page.locator('#mailed p').first().textContent();
    };
    await page.setViewportSize({ width: 1000, height: 760 });
    await page.emulateMedia({ colorScheme: 'light' });
    const nobody = await forgot('nobody@example.com');
    await page.getByRole('button', { name: 'Sign in' }).click();
    check('the words for somebody and for nobody', (await forgot(EMAIL)).replace(EMAIL, 'nobody@example.com'), nobody);
    await shot('forgot-mailed');
    const reset = linkIn(await mail(EMAIL, 2));
    check('where its link leads', reset.startsWith(`${front}/reset-password#token=`));
    await page.goto(reset);
    await heading('Choose a password');
    check('what is left of that link', page.url(), `${front}/`);
    await field('New password').fill('password');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').filter({ hasText: /password/ }).waitFor();
    await shot('new-password-refused');
    await field('New password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('status').filter({ hasText: 'new password is set' }).waitFor();
    await page.goto('about:blank');
    await page.goto(reset);
    await field('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').filter({ hasText: /link|token/ }).waitFor();
    await page.getByRole('button', { name: 'Ask for another' }).click();
    await heading('Forgot your password?');
    await page.getByRole('button', { name: 'Sign in' }).click();

    // And in again, with the new password.
    await field('E-mail address or username').fill(EMAIL);
    await field('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'No account has' }).waitFor();
    await field('Password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('Hello, Grace Hopper');
    await heading('Hello, Grace Hopper', second);

    // An invitation from an admin: the mailed link, a password, and in.
    const admin = await call('POST', '/auth/login', { body: { email: 'admin@example.com', password: await adminPassword() } });
    const invited = { email: 'mary@example.com', name: 'Mary Jackson' };
    const made = await call('POST', '/admin/users', { token: admin.body.access_token, body: invited });
    check('an admin invites', made.status, 201);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('status').filter({ hasText: 'signed out' }).waitFor();
    await page.goto(linkIn(await mail('mary@example.com')));
    await heading('Choose a password');
    await shot('invited');
    await field('New password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await heading('Hello, Mary Jackson');
});
