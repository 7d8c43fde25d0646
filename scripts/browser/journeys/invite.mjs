// Somebody whom an admin invites, without a front end: from POST /admin/users to the mailed link, its page, a password and
// the first sign-in; links that were used.

import { adminPassword, api, call, check, journey, linkIn, mail } from '../harness.mjs';

const EMAIL = 'grace@example.com';
const PASSWORD = 'correct horse battery staple';

const admin = await call('POST', '/auth/login', { body: { email: 'admin@example.com', password: await adminPassword() } });
const asAdmin = (path, body) => call('POST', path, { body, token: admin.body.access_token });
const signIn = () => call('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });

await journey(async ({ open, page, shot, errors }) => {
    const said = (text) => page.locator('#says').getByText(text).waitFor();

    // The account is there, and nobody gets in before the link in the mail is followed.
    const made = await asAdmin('/admin/users', { email: EMAIL, name: 'Grace Hopper', locale: 'en' });
    check('the admin makes an account', made.status, 201);
    check('its address is not proven yet', made.body.email_verified, false);
    check('nobody signs in', (await signIn()).status, 401);
    const first = linkIn(await mail(EMAIL));
    check('the link leads to our own page', first.startsWith(`${api}/auth/pages/accept-invite?lang=en#token=`));

    // Once more: either link is good, until one is used.
    check('invited again', (await asAdmin(`/admin/users/${made.body.id}/invitation`)).status, 202);
    const link = linkIn(await mail(EMAIL, 2));

    // The page, with the keyboard alone: nothing, too short, too common, good.
    await page.goto(link);
    check('the token has left the address bar', page.url(), `${api}/auth/pages/accept-invite?lang=en`);
    await shot('invited');
    await page.keyboard.press('Tab');
    check('the first thing to reach is the password', await page.evaluate(() => document.activeElement.id), 'password');
    await page.keyboard.press('Enter');
    await said('Enter a password.');
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    await said('The password needs at least 8 characters.');
    await page.locator('#password').fill('password123');
    await page.keyboard.press('Enter');
    await said(/common|easy to guess/);
    await shot('weak');
    check('still nobody signs in', (await signIn()).status, 401);
    await page.locator('#password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await said('Your account is ready.');
    await shot('accepted');

    // In, with a proven address, and no session but this one.
    const grace = await signIn();
    check('she signs in', grace.status, 200);
    check('she is who was invited', grace.body.user.id, made.body.id);
    check('her address is proven', grace.body.user.email_verified);
    const sessions = await call('GET', '/users/me/sessions', { token: grace.body.access_token });
    check('the page has left no session behind', sessions.body.data.length, 1);

    // Both links are used up.
    for (const used of [link, first]) {
        await page.goto('about:blank');
        await page.goto(used);
        await page.locator('#password').fill('another password of somebody');
        await page.getByRole('button', { name: 'Set password' }).click();
        await said('This link has expired or was used already.');
    }
    await shot('used');
    check('and her password is hers', (await signIn()).status, 200);

    // In the dark, and on a phone in the language of the invited.
    const kim = await asAdmin('/admin/users', { email: 'kim@example.com', locale: 'de' });
    check('another is invited', kim.status, 201);
    const german = linkIn(await mail('kim@example.com'));
    check('in German', german.includes('?lang=de#token='));
    const views = [
        ['dark', { colorScheme: 'dark' }],
        ['phone', { viewport: { width: 360, height: 640 } }],
        ['phone-dark', { viewport: { width: 360, height: 640 }, colorScheme: 'dark' }],
    ];
    for (const [name, options] of views) {
        const other = await (await open(options)).newPage();
        await other.goto(german);
        await other.locator('#password').waitFor();
        const wide = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(`${name}: nothing is wider than the screen`, wide <= 0);
        await shot(name, other);
    }
    const phone = await (await open({ viewport: { width: 360, height: 640 } })).newPage();
    await phone.goto(german);
    await phone.locator('#password').fill(PASSWORD);
    await phone.locator('button[type=submit]').click();
    await phone.locator('#says[data-is=good]').waitFor();
    await shot('phone-accepted', phone);

    // What the page was refused is in the console, too.
    const rest = errors.filter((line) => !/status of (400|422)/.test(line));
    errors.splice(0, errors.length, ...rest);
});
