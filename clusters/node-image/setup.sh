# Turns a Debian root with kind's files into a kind node. Runs inside the root, once, at build time.

# Debian's containerd lives in /usr/bin; kind's unit names /usr/local/bin.
for tool in containerd ctr containerd-shim-runc-v2; do
  ln -sf "/usr/bin/$tool" "/usr/local/bin/$tool"
done

# Debian keeps the CNI plugins elsewhere; CNI installers and containerd's configuration below use /opt/cni/bin.
cp -a /usr/lib/cni/. /opt/cni/bin/
rm -rf /usr/lib/cni

# Without CAP_SYS_RESOURCE nobody may lower an oom score; with it this costs nothing in a test cluster.
config=/etc/containerd/config.toml
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' "$config"
grep -q 'restrict_oom_score_adj = true' "$config"
# Debian's default is /usr/lib/cni.
cat >> "$config" <<'TOML'
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/opt/cni/bin"
  conf_dir = "/etc/cni/net.d"
TOML

# The runtime's default rlimits exceed what a host without CAP_SYS_RESOURCE may set; the hook is kind's own.
ctr oci spec |
  jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
    > /etc/containerd/cri-base.json

# A node boots straight into containerd and kubelet: no tmpfiles, udev or login services.
rm -f /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/basic.target.wants/* \
  /lib/systemd/system/sockets.target.wants/*udev* /lib/systemd/system/sockets.target.wants/*initctl* \
  /lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nReadKMsg=no\n' > /etc/systemd/journald.conf.d/ordeal.conf
systemctl enable kubelet.service containerd.service undo-mount-hacks.service
systemctl mask systemd-binfmt.service
rm -f /etc/machine-id
