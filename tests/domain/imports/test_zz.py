import pytest, time
pytestmark=pytest.mark.django_db
def test_speed(secretariat,at):
    import random; random.seed(1)
    syl="ba ke li mo nu ra se ti vo wu za pe fi go du".split()
    w=lambda: ''.join(random.choice(syl) for _ in range(4))
    def table(n): return ("name,kind,country,website,source\n"+"".join(f"{w()} {w()} {w()} {i} (DEMO),ngo,{random.choice(['BE','NL','FR','DE'])},r{i}.example,x\n" for i in range(n))).encode()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from members.imports import actions
    def post(c): return secretariat.http.post('/api/v1/imports/',{'kind':'organisations','file':SimpleUploadedFile('a.csv',c)})
    c=table(500); out=[]
    post(table(2))
    t=time.perf_counter(); r=post(c); out.append(('500 plan',time.perf_counter()-t))
    t=time.perf_counter(); secretariat.post(f"imports/{r.json()['id']}/confirm/"); out.append(('500 confirm',time.perf_counter()-t))
    t=time.perf_counter(); r=post(c); out.append((r.json()['counts']['match'],'500 match',time.perf_counter()-t))
    c=table(50000)
    t=time.perf_counter(); r=post(c); out.append((r.status_code,r.json()['state'],'50000 take',time.perf_counter()-t))
    for _ in range(3):
        t=time.perf_counter(); actions.go_on(import_id=r.json()['id'],at=at); out.append(('chunk',time.perf_counter()-t))
    print("\nOUT",out)
