package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Cluster is a private PostgreSQL server, listening on a socket in its folder and nowhere else.
type Cluster struct {
	folder string
	pgctl  string
	as     *syscall.Credential
}

// NewCluster makes a cluster in folder, whose path must be short, and starts it. Without PostgreSQL's programs the
// error is [exec.ErrNotFound]. As root it runs as the user postgres, to whom it gives the folder.
func NewCluster(folder string) (*Cluster, error) {
	initdb, err := binary("initdb")
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder}
	if c.pgctl, err = binary("pg_ctl"); err != nil {
		return nil, err
	}
	if c.as, err = unprivileged(folder); err != nil {
		return nil, err
	}
	if err := run(c.as, initdb, "-D", c.data(), "-U", "haedap", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"); err != nil {
		return nil, err
	}
	return c, c.Start()
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

// Start starts the server and waits until it answers.
func (c *Cluster) Start() error {
	options := "-c listen_addresses='' -c unix_socket_directories=" + c.folder + " -c max_connections=200"
	return run(c.as, c.pgctl, "-D", c.data(), "-w", "-l", filepath.Join(c.folder, "log"), "-o", options, "start")
}

// Stop ends the server as a power cut does: connections break, nothing is tidied.
func (c *Cluster) Stop() error { return run(c.as, c.pgctl, "-D", c.data(), "-m", "immediate", "stop") }

// URL is the address of one of its databases.
func (c *Cluster) URL(database string) string {
	return "postgres://haedap@/" + database + "?host=" + url.QueryEscape(c.folder)
}

// binary finds a PostgreSQL program on the PATH or where Debian puts it.
func binary(name string) (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	return exec.LookPath(name)
}

// unprivileged returns whom to run PostgreSQL as, since it refuses root, and gives folder to them.
func unprivileged(folder string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("find a user to run PostgreSQL as: %w", err)
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read uid of postgres: %w", err)
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read gid of postgres: %w", err)
	}
	if err := os.Chown(folder, int(uid), int(gid)); err != nil {
		return nil, fmt.Errorf("hand over PostgreSQL folder: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func run(as *syscall.Credential, program string, args ...string) error {
	var out strings.Builder
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = &out, &out
	if as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run %s: %w: %s", filepath.Base(program), err, out.String())
	}
	return nil
}
