/* SPDX-License-Identifier: BSD-2-Clause */
/* Power management: suspend, resume, shutdown, and events of the machine. */
#ifndef _SYS_PMF_H_
#define _SYS_PMF_H_

#ifdef _KERNEL

#include <sys/types.h>
#include <sys/device_if.h>

struct device_suspensor;
struct ifnet;

typedef enum pmf_generic_event_t {
	PMFE_DISPLAY_ON,
	PMFE_DISPLAY_REDUCED,
	PMFE_DISPLAY_STANDBY,
	PMFE_DISPLAY_SUSPEND,
	PMFE_DISPLAY_OFF,
	PMFE_DISPLAY_BRIGHTNESS_UP,
	PMFE_DISPLAY_BRIGHTNESS_DOWN,
	PMFE_AUDIO_VOLUME_UP,
	PMFE_AUDIO_VOLUME_DOWN,
	PMFE_AUDIO_VOLUME_TOGGLE,
	PMFE_CHASSIS_LID_CLOSE,
	PMFE_CHASSIS_LID_OPEN,
	PMFE_RADIO_ON,
	PMFE_RADIO_OFF,
	PMFE_RADIO_TOGGLE,
	PMFE_POWER_CHANGED,
	PMFE_SPEED_CHANGED,
	PMFE_THROTTLE_ENABLE,
	PMFE_THROTTLE_DISABLE,
	PMFE_KEYBOARD_BRIGHTNESS_UP,
	PMFE_KEYBOARD_BRIGHTNESS_DOWN,
	PMFE_KEYBOARD_BRIGHTNESS_TOGGLE
} pmf_generic_event_t;


/* Why a device is suspended or resumed. */
struct pmf_qual {
	const device_suspensor_t *pq_suspensor;
	devact_level_t	pq_actlvl;
};
typedef struct pmf_qual pmf_qual_t;
#define PMF_Q_NONE	(&(const pmf_qual_t){ NULL, DEVACT_LEVEL_FULL })
extern const pmf_qual_t *const PMF_Q_DRVCTL;
extern const pmf_qual_t *const PMF_Q_SELF;
extern const device_suspensor_t *const device_suspensor_self;
extern const device_suspensor_t *const device_suspensor_system;
extern const device_suspensor_t *const device_suspensor_drvctl;

/* Drivers. */
#define pmf_device_register(__d, __s, __r) \
	pmf_device_register1((__d), (__s), (__r), NULL)
bool pmf_device_register1(device_t, bool (*)(device_t, const pmf_qual_t *),
    bool (*)(device_t, const pmf_qual_t *), bool (*)(device_t, int));
void pmf_device_deregister(device_t);
bool	pmf_device_suspend(device_t, const pmf_qual_t *);
bool	pmf_device_resume(device_t, const pmf_qual_t *);
bool	pmf_device_recursive_suspend(device_t, const pmf_qual_t *);
bool	pmf_device_recursive_resume(device_t, const pmf_qual_t *);
bool	pmf_device_descendants_resume(device_t, const pmf_qual_t *);
bool	pmf_device_subtree_resume(device_t, const pmf_qual_t *);
bool	pmf_device_subtree_release(device_t, const device_suspensor_t *);
bool	pmf_device_descendants_release(device_t, const device_suspensor_t *);
void	pmf_self_suspensor_init(device_t, struct device_suspensor *,
	    pmf_qual_t *);

/* Classes of drivers. */
bool	pmf_class_input_register(device_t);
bool	pmf_class_display_register(device_t);
void pmf_class_network_register(device_t, struct ifnet *);

/* Events. */
void pmf_event_deregister(device_t, pmf_generic_event_t, void (*)(device_t),
    bool);
bool pmf_event_register(device_t, pmf_generic_event_t, void (*)(device_t),
    bool);
bool	pmf_event_inject(device_t, pmf_generic_event_t);

/* The machine as a whole. */
void	pmf_init(void);
bool	pmf_set_platform(const char *, const char *);
const char *pmf_get_platform(const char *);
bool	pmf_system_suspend(const pmf_qual_t *);
bool	pmf_system_resume(const pmf_qual_t *);
void	pmf_system_bus_resume(const pmf_qual_t *);
void	pmf_system_shutdown(int);

#endif /* _KERNEL */
#endif /* _SYS_PMF_H_ */
