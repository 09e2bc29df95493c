package main

import (
	"path/filepath"
	"time"
)

const storeAddress = "127.0.0.1:2379"

// startStore starts what keeps the API server's objects: etcd, or kine, which speaks etcd's protocol and keeps them in
// SQLite, as K3s does. Neither waits for the disk: the cluster does not outlive the machine.
func (c *cluster) startStore() error {
	name := "etcd"
	if c.kine != "" {
		name = "kine"
		parameters := "?_journal_mode=WAL&_busy_timeout=30000&_synchronous=OFF&_txlock=immediate&cache=shared"
		c.spawnProgram(c.kine, "--endpoint=sqlite://"+filepath.Join(c.state, "kine.db")+parameters,
			"--listen-address="+storeAddress, "--metrics-bind-address=0")
	} else {
		c.spawn("etcd", "--data-dir="+filepath.Join(c.state, "etcd"), "--unsafe-no-fsync", "--log-level=warn",
			"--listen-client-urls=http://"+storeAddress, "--advertise-client-urls=http://"+storeAddress,
			"--listen-peer-urls=http://127.0.0.1:2380")
	}
	if err := await(20*time.Second, name, func() error { return dial(storeAddress) }); err != nil {
		return err
	}
	c.say(name + " is ready")
	return nil
}
