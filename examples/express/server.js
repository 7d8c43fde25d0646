// An API of your own behind Usher's sign-in: Express and jose. What is checked and why: docs/verify-tokens.md.
//
//   ISSUER=https://<Usher's address>/auth AUDIENCE=usher PORT=3001 npm start

import express from 'express'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { ISSUER, AUDIENCE, PORT = '3001' } = process.env
if (!ISSUER || !AUDIENCE) throw new Error('set ISSUER and AUDIENCE')

// Read when it is first needed, kept for 5 minutes. An unknown key id reads it again, at most once in 10 seconds.
const keys = createRemoteJWKSet(new URL(`${ISSUER}/.well-known/jwks.json`), {
  cacheMaxAge: 300_000,
  cooldownDuration: 10_000,
  timeoutDuration: 3_000,
})

// What is wrong with the token. Anything else is our trouble with the keys, and says nothing of the token.
const REFUSED = new Set([
  'ERR_JOSE_ALG_NOT_ALLOWED', 'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JWS_INVALID', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED', 'ERR_JWT_EXPIRED', 'ERR_JWT_INVALID',
])

function refuse(res, status, error) {
  // RFC 6750, section 3: a request without a token gets no error code.
  if (status !== 503) res.set('WWW-Authenticate', error ? `Bearer error="${error}"` : 'Bearer')
  else res.set('Retry-After', '5')
  res.status(status).json({ status, error: error ?? 'unauthenticated' })
}

// Lets those with a good token through; with a role, those who have it.
function signedIn(role) {
  return async (req, res, next) => {
    const [, token] = /^Bearer +([^\s,]+)$/i.exec(req.get('authorization') ?? '') ?? []
    if (!token) return refuse(res, 401)
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ['RS256'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'iat', 'nbf'],
        clockTolerance: 10,
      })
      req.user = { id: payload.sub, roles: Array.isArray(payload.roles) ? payload.roles : [] }
    } catch (error) {
      return REFUSED.has(error.code) ? refuse(res, 401, 'invalid_token') : refuse(res, 503, 'keys_unavailable')
    }
    if (role && !req.user.roles.includes(role)) return refuse(res, 403, 'insufficient_scope')
    next()
  }
}

const app = express()
app.disable('x-powered-by')
app.get('/orders', signedIn(), (req, res) => res.json({ owner: req.user.id, orders: [] }))
app.get('/admin/report', signedIn('admin'), (req, res) => res.json({ reader: req.user.id, orders: 0 }))
app.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`))
