#!/bin/sh
# Lets the service of the app bind port 443 as the ordinary user webapp: this one capability, and no other.
# Runs before every deployment of the app and of the configuration. Beanstalk registers the service after it
# and then reloads systemd, so that the drop-in holds from the first start on.
# Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-linux-extend.html
# and https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
set -eu

# Above the drain: requests under way (10 s), the last statements (5 s), and a margin.
after_drain_seconds=20

drain_seconds=${DRAIN_SECONDS:-15}
case $drain_seconds in
  *[!0-9]*)
    echo "DRAIN_SECONDS must be a whole number of seconds, got \"$drain_seconds\"" >&2
    exit 1
    ;;
esac

drop_in=/etc/systemd/system/web.service.d/10-bind-443.conf
mkdir -p "${drop_in%/*}"
cat > "$drop_in.new" <<UNIT
# Written by .platform/hooks/predeploy/10-bind-443.sh at each deployment.
[Service]
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
LimitNOFILE=65536
TimeoutStopSec=$((drain_seconds + after_drain_seconds))
UNIT
chmod 0644 "$drop_in.new"
mv "$drop_in.new" "$drop_in"
