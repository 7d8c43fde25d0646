// The pages that mailed links lead to without a front end: registering, an address that moves, "this was not me", a new
// password; by keyboard, in the dark, on a phone, from right to left, without JavaScript.

import { api, call, check, journey, linkIn, mail } from '../harness.mjs';

const PASSWORD = 'correct horse battery staple';
const undoIn = ({ text }) => /https?:\S+#revoke=\S+/.exec(text)[0];

// A refusal that a page shows is one in the console, too.
const expected = (errors, statuses) => {
    const rest = errors.filter((line) => !statuses.some((status) => line.includes(`status of ${status}`)));
    errors.splice(0, errors.length, ...rest);
};

const register = (email, more = {}) =>
    call('POST', '/auth/register', { body: { email, password: PASSWORD, ...more } });
const signIn = async (email, password = PASSWORD) =>
    (await call('POST', '/auth/login', { body: { email, password } }));

await journey(async ({ open, page, shot, errors }) => {
    const said = (text, of = page) => of.locator('#says').getByText(text).waitFor();

    // Registering: a wrong password first, then the right one, with the keyboard alone.
    await register('ada@example.com');
    const first = linkIn(await mail('ada@example.com'));
    check('the link leads to our own page', first.startsWith(`${api}/auth/pages/confirm-registration?lang=en#token=`));
    await page.goto(first);
    check('the token has left the address bar', page.url(), `${api}/auth/pages/confirm-registration?lang=en`);
    await shot('confirm-registration');
    await page.keyboard.press('Tab');
    check('the first thing to reach is the password', await page.evaluate(() => document.activeElement.id), 'password');
    await page.keyboard.press('Enter');
    await said('Enter a password.');
    await page.keyboard.type('not the one');
    await page.keyboard.press('Enter');
    await said('The password is wrong.');
    check('the focus is where it is wrong', await page.evaluate(() => document.activeElement.id), 'password');
    check('and it says so', await page.locator('#password').getAttribute('aria-invalid'), 'true');
    await shot('wrong-password');
    expected(errors, [403]);
    await page.locator('#password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Show password' }).click();
    check('the password can be seen', await page.locator('#password').getAttribute('type'), 'text');
    await shot('password-shown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await said('Your account is ready.');
    await shot('confirmed');
    const ada = await signIn('ada@example.com');
    check('she signs in', ada.status, 200);
    const sessions = await call('GET', '/users/me/sessions', { token: ada.body.access_token });
    check('the page has left no session behind', sessions.body.data.length, 1);

    // A link that was used.
    await page.goto('about:blank');
    await page.goto(first);
    await page.locator('#password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Confirm registration' }).click();
    await said('This link has expired or was used already.');
    await shot('used');
    expected(errors, [400]);

    // Somebody moves the account; the link in the new mailbox, then "this was not me" in the old one.
    const token = ada.body.access_token;
    await call('POST', '/users/me/change-email', {
        token, body: { new_email: 'eve@example.com', current_password: PASSWORD },
    });
    await page.goto(linkIn(await mail('eve@example.com')));
    await page.getByRole('button', { name: 'Use this address' }).click();
    await said('Your account has this address now.');
    const mails = await mail('ada@example.com', 3);
    check('the old address is told', mails.subject, 'Your e-mail address was changed');
    await page.goto(undoIn(mails));
    await shot('not-me');
    await page.getByRole('button', { name: 'Secure my account' }).click();
    await said('Your account is secured.');
    await shot('secured');
    check('the sessions are over', (await call('GET', '/users/me', { token })).status, 401);
    check('the password is locked', (await signIn('ada@example.com')).body.code, 'password_change_required');

    // A new password: too short, too common, good; the fragment changes while the page is open.
    await page.goto(`${api}/auth/pages/reset-password?lang=en`);
    await said('This link is not complete.');
    await shot('incomplete');
    await page.goto(linkIn(await mail('ada@example.com', 4)));
    const field = page.getByLabel('New password');
    const press = () => page.getByRole('button', { name: 'Set password' }).click();
    await field.fill('short');
    await press();
    await said('The password needs at least 8 characters.');
    await field.fill('password123');
    await press();
    await said(/common|easy to guess/);
    await shot('weak');
    expected(errors, [422, 400]);
    await field.fill('a password nobody else knows');
    await press();
    await said('The new password is set.');
    check('and it lets her in', (await signIn('ada@example.com', 'a password nobody else knows')).status, 200);

    // As others see it.
    const shots = [
        ['dark', { colorScheme: 'dark' }, 'reset-password?lang=en', 'token'],
        ['phone', { viewport: { width: 360, height: 640 } }, 'not-me?lang=de', 'revoke'],
        ['phone-tamil', { viewport: { width: 360, height: 640 }, colorScheme: 'dark' }, 'accept-invite?lang=ta', 'token'],
        ['arabic', {}, 'reset-password?lang=ar', 'token'],
        ['japanese', {}, 'verify-email?lang=ja', 'token'],
    ];
    for (const [name, options, path, part] of shots) {
        const other = await (await open(options)).newPage();
        await other.goto(`${api}/auth/pages/${path}#${part}=x`);
        const wide = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(`${name}: nothing is wider than the screen`, wide <= 0);
        const low = await other.evaluate(() =>
            [...document.querySelectorAll('button, input')].filter((each) => each.offsetParent && each.offsetHeight < 44).length);
        check(`${name}: everything can be touched`, low, 0);
        await shot(name, other);
    }
    const arabic = await (await open()).newPage();
    await arabic.goto(`${api}/auth/pages/verify-email?lang=ar#token=x`);
    await arabic.locator('button[type=submit]').click();
    await said('انتهت صلاحية هذا الرابط', arabic);
    await shot('arabic-used', arabic);
    const german = await (await open({ locale: 'de-AT' })).newPage();
    await german.goto(`${api}/auth/pages/verify-email#token=x`);
    check('the browser says the language', await german.locator('html').getAttribute('lang'), 'de');
    const bare = await (await open({ javaScriptEnabled: false })).newPage();
    await bare.goto(`${api}/auth/pages/verify-email?lang=fr#token=x`);
    check('without JavaScript it says so', await bare.locator('noscript p').isVisible());
    check('and offers nothing', await bare.locator('form').isVisible(), false);
    await shot('no-script', bare);
    expected(errors, [400]);
});
