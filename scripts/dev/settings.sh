# shellcheck shell=bash disable=SC2154 # dev.sh sets data
# For scripts/dev.sh: what the functions find in their environment, here and in USHER_DATA_DIR/env.

random_hex() { od -An -vtx1 -N "$1" /dev/urandom | tr -d ' \n'; }
# keep FILE BYTES : makes a random value once and keeps it where only its owner reads it.
keep() { [[ -s $data/$1 ]] || (umask 077 && random_hex "$2" >"$data/$1.new" && mv "$data/$1.new" "$data/$1"); }

if [[ -z ${APP_SECRET-} ]]; then
    keep app-secret 32
    APP_SECRET=$(<"$data/app-secret")
fi
export APP_SECRET
export TABLE_NAME=${TABLE_NAME:-usher}
export MAIL_FROM=${MAIL_FROM:-Usher <no-reply@example.com>}
# Unset, links in mails lead to Usher's own pages.
export FRONTEND_URL=${FRONTEND_URL-}
export PUBLIC_URL=${PUBLIC_URL:-http://localhost:$API_PORT}
# Who tries things out is mailed more often than people are, and waits for each mail.
export MAIL_LIMIT=${MAIL_LIMIT-off}
export CORS_ORIGINS=${CORS_ORIGINS-http://localhost:3000,http://localhost:5173}

# The local parts, and nobody's real account. A proxy is for what is not on this machine.
dynamodb=http://127.0.0.1:$DYNAMODB_PORT
mailbox=http://127.0.0.1:$MAIL_PORT
export AWS_ENDPOINT_URL_DYNAMODB=$dynamodb AWS_ENDPOINT_URL_SESV2=$mailbox
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
unset AWS_SESSION_TOKEN AWS_PROFILE
NO_PROXY=${NO_PROXY:-${no_proxy-}}
export NO_PROXY=127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}
export no_proxy=$NO_PROXY

# The same for a `cargo lambda watch` typed by hand.
write_env() {
    local name value
    for name in "$@"; do
        value=${!name-}
        [[ -n $value ]] || continue
        if [[ $value == *\'* ]]; then printf '%s="%s"\n' "$name" "${value//\"/\\\"}"; else printf "%s='%s'\n" "$name" "$value"; fi
    done
}
(umask 077 && write_env >"$data/env" \
    TABLE_NAME APP_SECRET MAIL_FROM FRONTEND_URL PUBLIC_URL CORS_ORIGINS REGISTRATION EMAIL_VERIFICATION \
    ADMIN_REGISTRATION_KEY ADMIN_MFA TOKEN_AUDIENCE ACCESS_TOKEN_TTL KEY_ROTATION_DAYS REFRESH_IDLE_TTL REFRESH_ABSOLUTE_TTL \
    REFRESH_GRACE DELETION_GRACE PASSWORD_MIN_LENGTH HIBP_URL LOGIN_FAILURES LOGIN_LOCK_MAX SOURCE_LIMIT MAIL_LIMIT WRITE_LIMIT \
    AWS_ENDPOINT_URL_DYNAMODB AWS_ENDPOINT_URL_SESV2 AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY \
    AWS_REGION AWS_EC2_METADATA_DISABLED NO_PROXY no_proxy)
