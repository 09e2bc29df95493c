package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// pki is the cluster's certificate authority and the folder of its files.
type pki struct {
	folder string
	ca     *x509.Certificate
	key    crypto.Signer
}

// newPki makes the authority, the certificates of the API server and of the node, with that by which the former asks the
// latter, and the key pair that signs ServiceAccount tokens.
func newPki(folder string) (*pki, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	p := &pki{folder: folder}
	authority := template("cluster-ca", nil)
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage |= x509.KeyUsageCertSign
	if err := p.issue("ca", authority); err != nil {
		return nil, err
	}
	server := template("kube-apiserver", nil)
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.IPAddresses = []net.IP{net.ParseIP(hostIP), net.ParseIP(apiServiceIP), net.IPv4(127, 0, 0, 1)}
	server.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc." + clusterDomain}
	if err := p.issue("apiserver", server); err != nil {
		return nil, err
	}
	kubelet := template("system:node:"+nodeName, []string{"system:nodes"})
	kubelet.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	kubelet.IPAddresses = []net.IP{net.ParseIP(hostIP)}
	if err := p.issue("node", kubelet); err != nil {
		return nil, err
	}
	caller := template("kube-apiserver-kubelet-client", []string{"system:masters"})
	caller.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if err := p.issue("kubelet-client", caller); err != nil {
		return nil, err
	}
	key, err := p.writeKey("service-account")
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	return p, p.write("service-account.pub", "PUBLIC KEY", public)
}

// client makes a client's certificate and a kubeconfig with it; proxy may be empty.
func (p *pki) client(kubeconfig, user, group, proxy string) error {
	client := template(user, []string{group})
	client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	name := "client-" + filepath.Base(kubeconfig)
	if err := p.issue(name, client); err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, file := range []string{"ca.crt", name + ".crt", name + ".key"} {
		content, err := os.ReadFile(p.path(file))
		if err != nil {
			return err
		}
		files[file] = content
	}
	config := api.NewConfig()
	config.Clusters["cluster"] = &api.Cluster{
		Server: apiServerURL, CertificateAuthorityData: files["ca.crt"], ProxyURL: proxy}
	config.AuthInfos["user"] = &api.AuthInfo{
		ClientCertificateData: files[name+".crt"], ClientKeyData: files[name+".key"]}
	config.Contexts["cluster"] = &api.Context{Cluster: "cluster", AuthInfo: "user"}
	config.CurrentContext = "cluster"
	return clientcmd.WriteToFile(*config, kubeconfig)
}

func (p *pki) path(file string) string { return filepath.Join(p.folder, file) }

// issue writes NAME.crt and NAME.key, signed by the authority (by itself, if there is none yet).
func (p *pki) issue(name string, certificate *x509.Certificate) error {
	key, err := p.writeKey(name)
	if err != nil {
		return err
	}
	if p.ca == nil {
		p.ca, p.key = certificate, key
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, p.ca, key.Public(), p.key)
	if err != nil {
		return err
	}
	return p.write(name+".crt", "CERTIFICATE", der)
}

func (p *pki) writeKey(name string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, p.write(name+".key", "EC PRIVATE KEY", der)
}

func (p *pki) write(file, kind string, der []byte) error {
	return os.WriteFile(p.path(file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

func template(name string, groups []string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // never fails, says crypto/rand
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name, Organization: groups},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}
