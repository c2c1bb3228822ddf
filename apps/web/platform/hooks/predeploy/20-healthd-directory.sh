#!/bin/sh
# Lets the app write the request log that enhanced health counts from: nginx, which writes it by default,
# sees no request here. healthd runs as a user of its own and must be able to read it.
# Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-serverlogs.html
set -eu

directory=${HEALTHD_LOG_DIR:-/var/log/nginx/healthd}
install -d -o webapp -g webapp -m 0755 "$directory"
# The platform's sample page was served through nginx, whose file of this hour the app could not append to.
find "$directory" -maxdepth 1 -type f ! -user webapp -delete
